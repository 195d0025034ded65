import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../commands/command.ts';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** The reasons that rules give, in what is rendered and in what the agent makes. */
function reasonsInRules(): readonly string[] {
  const files = globSync('fn/{render/*.ts,node/**/*.ts}', { cwd: ROOT });
  const texts = files.flatMap((file) => [
    ...read(file).matchAll(/counter (?:drop|reject with tcp reset) comment \\?"([^"\\$]+)\\?"|drop\('([^']+)'\)/g),
  ]);
  return [...new Set(texts.map(([, inRule, inProgram]) => inRule ?? inProgram ?? ''))].filter((text) => text !== '');
}

test('every reason of a dropped packet is an id, and documented', () => {
  const [, table = ''] = /^\| reason \|.*\n((?:\|.*\n)+)/m.exec(read('docs/troubleshooting.md')) ?? [];
  const documented = table
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, reason = '']) => reason));
  expect(reasonsInRules().filter((reason) => !/^[a-z]+(?:-[a-z]+)*$/.test(reason))).toEqual([]);
  expect(documented.toSorted()).toEqual(reasonsInRules().toSorted());
});
