import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expectGolden } from './golden.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXECUTABLE = join(ROOT, 'dist/gateway-network-fn');

function render(input: string, args: readonly string[]) {
  return spawnSync(EXECUTABLE, ['render', ...args], { cwd: ROOT, input, encoding: 'utf8' });
}

const examples = readdirSync(join(ROOT, 'examples'));
/** Those for an engine are run by test/engines. */
const plain = examples.filter((name) => !/^(kustomize-|kpt-|argo-cd|flux)/.test(name));

/** Those that cannot be had without a warning. */
const WARNED = ['node-network-operator', 'single-node'];

test.each(examples)('%s has a README', (name) => {
  expect(existsSync(join(ROOT, 'examples', name, 'README.md'))).toBe(true);
});

describe.each(plain)('examples/%s', (name) => {
  const first = render('', [join('examples', name)]);

  test('renders as expected', () => {
    expect(first.stderr).not.toMatch(/^error/m);
    expect(first.status).toBe(0);
    expectGolden(first.stdout, join(ROOT, 'examples', name, '.expected/rendered.yaml'));
  });

  test('warns of nothing that could be otherwise', () => {
    expect(/^warning/m.test(first.stderr)).toBe(WARNED.includes(name));
  });

  test('renders as before when what was rendered lies beside it', () => {
    const files = readdirSync(join(ROOT, 'examples', name)).filter((file) => file.startsWith('gateway-network'));
    const networks = files.map((file) => spawnSync('cat', [join(ROOT, 'examples', name, file)], { encoding: 'utf8' }).stdout);
    const second = render(`${first.stdout}---\n${networks.join('---\n')}`, ['-']);
    expect(second.stdout).toBe(first.stdout);
  });
});
