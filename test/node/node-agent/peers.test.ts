import { expect, test } from 'vitest';
import { diffPeers, without } from '../../../fn/node/node-agent/peers.ts';

const lines = (actual: readonly string[], wanted: readonly string[]) =>
  diffPeers('gwvpn-vx', actual, wanted).flatMap(({ what, command, text = '' }) => [
    `${what} | ${command.join(' ')}`,
    ...text.trimEnd().split('\n'),
  ]);

test('peers are added and removed as a difference', () => {
  expect(
    lines(['172.18.0.12', '172.18.0.13', '239.0.0.1%eth1'], ['172.18.0.12', '172.18.0.14', 'ff05::1%eth0']),
  ).toEqual([
    'gwvpn-vx: peers added: 172.18.0.14 ff05::1%eth0 | bridge -force -batch -',
    'fdb append 00:00:00:00:00:00 dev gwvpn-vx dst 172.18.0.14',
    'fdb append 00:00:00:00:00:00 dev gwvpn-vx dst ff05::1 via eth0',
    'gwvpn-vx: peers removed: 172.18.0.13 239.0.0.1%eth1 | bridge -force -batch -',
    'fdb del 00:00:00:00:00:00 dev gwvpn-vx dst 172.18.0.13',
    'fdb del 00:00:00:00:00:00 dev gwvpn-vx dst 239.0.0.1 via eth1',
  ]);
});

test('where nothing differs nothing is changed, whatever the order', () => {
  expect(lines(['172.18.0.12', '172.18.0.13'], ['172.18.0.13', '172.18.0.12'])).toEqual([]);
  expect(lines([], ['172.18.0.12'])).toHaveLength(2);
  expect(lines(['172.18.0.12'], [])).toHaveLength(2);
});

test('what is of a list but not of another one keeps its order', () => {
  expect(without(['c', 'a', 'b', 'a'], ['b', 'd'])).toEqual(['c', 'a', 'a']);
});
