import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../fn/files/format-problem.ts';
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
    const again = expand(secondInput(input, text));
    expect(withoutResults(again.text)).toBe(withoutResults(text));
    if (failed) expect(again.problems).toEqual(problems);
  });
});

/** What a second run reads: a ResourceList as it was answered, documents beside the networks that are not printed. */
function secondInput(input: string, text: string): string {
  if (text === '') return input;
  if (input.includes('ResourceList')) return text;
  const networks = input.split(/^---\n/m).filter((document) => document.includes('kind: GatewayNetwork'));
  return [text, ...networks].join('---\n');
}

/** The results of a run are added to those of earlier runs. */
function withoutResults(text: string): string {
  return text.replace(/^results:\n(?:[ -].*\n)*/m, '');
}
