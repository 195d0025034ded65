import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKS } from '../../fn/doctor/registry.ts';
import { ROOT } from '../commands/command.ts';
import { HEALTHY } from './healthy.ts';
import { diagnosisOf, factsOf } from './facts.ts';

/** The anchor that GitHub gives a heading: lower case, without punctuation, with hyphens for spaces. */
function anchorsOf(page: string): readonly string[] {
  const headings = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^#+ (.*)$/gm)].map(
    ([, heading = '']) => heading,
  );
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('each check has a section of its own', () => {
  const anchors = anchorsOf('docs/troubleshooting.md');
  expect(CHECKS.filter(({ anchor }) => !anchors.includes(anchor)).map(({ anchor }) => anchor)).toEqual([]);
  expect(new Set(CHECKS.map(({ anchor }) => anchor)).size).toBe(CHECKS.length);
});

test('a finding links to that section', () => {
  const [finding] = diagnosisOf(factsOf(HEALTHY)).findings;
  expect(finding?.link).toBe(`docs/troubleshooting.md#${CHECKS[0]?.anchor}`);
});
