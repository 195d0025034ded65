import { expect, test } from 'vitest';
import { BROKEN, command, NETWORK } from './command.ts';

test.each([
  [['examples/multi-node'], '', /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^]*<\/svg>\n$/],
  [['-', '-o', 'mermaid'], NETWORK, /^flowchart LR\n {2}accTitle: Gateway network egress\/vpn\n/],
])('picture %j draws, the same each time', (args, input, words) => {
  const { status, stdout, stderr } = command(['picture', ...args], input);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(words);
  expect(command(['picture', ...args], input).stdout).toBe(stdout);
});

test('an input with errors is not drawn', () => {
  const { status, stdout, stderr } = command(['picture', '-'], BROKEN);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('spec.overlay.vni');
});
