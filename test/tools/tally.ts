import { readFileSync } from 'node:fs';

/** What is read of vitest's JSON report. */
export interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Test names by outcome. */
export interface Tally {
  readonly passed: number;
  /** Failed tests, and files that failed before a test of theirs ran. */
  readonly failed: readonly string[];
  /** Tests that did not run: skipped, or marked as to be written. */
  readonly skipped: readonly string[];
}

/** Counts a report. */
export function tally(report: Report): Tally {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: [
      ...tests.filter((test) => test.status === 'failed').map((test) => test.fullName),
      ...broken.map((file) => file.name),
    ],
    skipped: tests.filter((test) => !['passed', 'failed'].includes(test.status)).map((test) => test.fullName),
  };
}

/** A line for each test that did not pass, then `N passed, N failed`. */
export function formatTally({ passed, failed, skipped }: Tally): string {
  return [
    ...skipped.map((name) => `skipped: ${name}`),
    ...failed.map((name) => `failed: ${name}`),
    `${passed} passed, ${failed.length} failed`,
  ].join('\n');
}

if (import.meta.main) {
  const outcome = tally(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Report);
  console.log(formatTally(outcome));
  process.exitCode = outcome.failed.length + outcome.skipped.length > 0 || outcome.passed === 0 ? 1 : 0;
}
