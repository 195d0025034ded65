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

test('only networks of a namespace are drawn', () => {
  const other = NETWORK.replace('egress', 'other').replace('1000', '1001').replace('50.0', '51.0');
  const { stdout } = command(['picture', '-', '-o', 'mermaid', '-n', 'other'], `${NETWORK}---\n${other}`);
  expect(stdout).toContain('other/vpn');
  expect(stdout).not.toContain('egress/vpn');
});

test.each(['picture', 'doctor'])('%s names the networks of a file that has none in the namespace', (verb) => {
  expect(command([verb, '-', '--namespace', 'egres'], NETWORK)).toMatchObject({
    status: 2,
    stdout: '',
    stderr: "error: - has no network in the namespace 'egres'; it has egress/vpn\n",
  });
});

test('an input with errors is not drawn', () => {
  const { status, stdout, stderr } = command(['picture', '-'], BROKEN);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('spec.overlay.vni');
});
