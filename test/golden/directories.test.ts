import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectGolden } from './golden.ts';

const CASES = join(import.meta.dirname, 'directories');
const EXECUTABLE = join(import.meta.dirname, '../../dist/gateway-network-fn');

/** Each is a directory `input`, and what stands beside it for links to lead to. */
describe.each(readdirSync(CASES))('%s', (name) => {
  const folder = join(CASES, name);
  const run = (verb: string) => spawnSync(EXECUTABLE, [verb, 'input'], { cwd: folder, encoding: 'utf8' });
  const { status, stdout, stderr } = run('render');

  test('prints the kinds that are expected, and which of them are clients', () => {
    const lines = stdout.match(/^(?:kind: .*|.*client-of.*)\n/gm)?.join('') ?? '';
    if (status === 0) expectGolden(lines, join(folder, 'output.txt'));
    else expect(stdout).toBe('');
  });

  test('says what is expected', () => expectGolden(`${stderr}exit status ${status}\n`, join(folder, 'problems.txt')));

  test('validate says the same', () => {
    const validated = run('validate');
    expect({ status: validated.status, stderr: validated.stderr }).toEqual({ status, stderr });
  });
});
