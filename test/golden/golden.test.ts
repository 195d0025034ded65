import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../fn/commands/format-problem.ts';
import { expand } from '../../fn/index.ts';
import { expectGolden } from './golden.ts';

const CASES = join(import.meta.dirname, 'cases');

describe.each(readdirSync(CASES))('%s', (name) => {
  const folder = join(CASES, name);
  const [inputFile = ''] = readdirSync(folder).filter((file) => file.startsWith('input.'));
  const input = readFileSync(join(folder, inputFile), 'utf8');
  const { text, problems } = expand(input);
  const failed = problems.some(({ severity }) => severity === 'error');

  test('prints what is expected', () => {
    if (failed && inputFile === 'input.yaml' && !input.includes('ResourceList')) expect(text).toBe('');
    else expectGolden(text, join(folder, inputFile.replace('input', 'output')));
  });

  test('says what is expected', () => {
    expectGolden(problems.map((problem) => `${formatProblem(problem)}\n`).join(''), join(folder, 'problems.txt'));
  });

  test('changes nothing in a second run', () => {
    const again = expand(text === '' ? input : text);
    if (input.includes('ResourceList')) expect(withoutResults(again.text)).toBe(withoutResults(text));
  });
});

/** The results of a run are added to those of earlier runs. */
function withoutResults(text: string): string {
  return text.replace(/^results:\n(?:[ -].*\n)*/m, '');
}
