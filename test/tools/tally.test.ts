import { expect, test } from 'vitest';
import { formatTally, tally, type Report } from './tally.ts';

function report(statuses: readonly string[], file = 'passed'): Report {
  const of = (status: string): number => statuses.filter((each) => each === status).length;
  return {
    numPassedTests: of('passed'),
    numFailedTests: of('failed'),
    testResults: [
      {
        name: 'some.test.ts',
        status: file,
        assertionResults: statuses.map((status, index) => ({ fullName: `test ${index}`, status })),
      },
    ],
  };
}

test('the last line counts what passed and what failed', () => {
  expect(formatTally(tally(report(['passed', 'failed', 'passed'], 'failed')))).toBe(
    'failed: test 1\n2 passed, 1 failed',
  );
});

test('tests that did not run are named', () => {
  expect(tally(report(['passed', 'skipped', 'pending', 'todo'])).skipped).toEqual(['test 1', 'test 2', 'test 3']);
});

test('a file that fails before its tests counts as a failure', () => {
  expect(tally(report([], 'failed')).failed).toEqual(['some.test.ts']);
});
