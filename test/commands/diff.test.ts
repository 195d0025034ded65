import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BROKEN, command, NETWORK } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'gwn-diff-'));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const old = file('old.yaml', NETWORK);
const changed = file('new.yaml', NETWORK.replace('1000', '1001'));
const broken = file('broken.yaml', BROKEN);
const empty = file('empty.yaml', '');
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['nothing differs', [old, old], '', 0, 'egress/vpn: nothing changes\n'],
  ['something differs', [old, changed], '', 1, /^ {2}agents {3}rolled: .*\n {2}routers {2}nothing happens to them$/m],
  ['one is standard input', ['-', old], NETWORK.replace('1000', '1001'), 1, /spec\.overlay\.vni: 1001 -> 1000$/m],
  ['JSON is wanted', [old, changed, '-o', 'json'], '', 1, /"agents": "rolled"/],
])('%s', (_, args, input, code, words) => {
  const { status, stdout, stderr } = command(['diff', ...args], input);
  expect({ status, stderr }).toEqual({ status: code, stderr: '' });
  if (typeof words === 'string') expect(stdout).toBe(words);
  else expect(stdout).toMatch(words);
});

test.each([
  ['an error in the input', [old, broken], /spec\.overlay\.vni/],
  ['one without a network', [old, empty], new RegExp(`^error: ${empty}: found no GatewayNetwork`)],
  ['three paths', [old, old, old], /^error: diff takes one path, or two: OLD and NEW\n$/],
  ['standard input twice', ['-', '-'], /^error: only one of the paths can be `-`\n$/],
  ['no cluster', [old, '--kubeconfig', '/nowhere'], /^error: the kubeconfig \/nowhere cannot be read/],
])('%s is status 2', (_, args, words) => {
  const { status, stdout, stderr } = command(['diff', ...args]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(words);
});
