import { expect, test } from 'vitest';
import type { Change } from '../../../fn/node/change.ts';
import { closePorts, openPorts } from '../../../fn/node/node-agent/port-changes.ts';
import { port } from './given.ts';

const PLACES = { bridge: 'gwvpn', entry: 'gwvpn-in', portGroup: 10000007, vxlan: 'gwvpn-vx' };
const OPEN = { master: 'gwvpn', group: '10000007' };

/** Ports in each place, by what their names say. */
const PORTS = [
  port('open', OPEN),
  port('new'),
  port('named', { group: '10000007' }),
  port('attached', { master: 'gwvpn' }),
  port('gwvpn-vx', OPEN),
];

const lines = (changes: readonly Change[]) =>
  changes.map(({ what, command, text }) => `${what}: ${text ?? command.join(' ')}`);
const all = new Set(PORTS.map(({ name }) => name));
const none = new Set<string>();

test('who is not known is taken off the network', () => {
  expect(lines(closePorts(PLACES, PORTS, none))).toEqual([
    'open: taken off the network, it is not known whose it is: ip link set dev open master gwvpn-in',
    "open: taken out of the group of the network's ports: ip link set dev open group default",
    "named: taken out of the group of the network's ports: ip link set dev named group default",
    'attached: taken off the network, it is not known whose it is: ip link set dev attached master gwvpn-in',
  ]);
  expect(closePorts(PLACES, PORTS, all)).toEqual([]);
});

test('who is known is put into the group, and then on the network', () => {
  expect(lines(openPorts(PLACES, PORTS, all))).toEqual([
    `new attached: put into the group of the network's ports: link set dev new group 10000007
link set dev attached group 10000007
`,
    `new named: attached to the network: link set dev new master gwvpn
link set dev named master gwvpn
`,
  ]);
  expect(openPorts(PLACES, PORTS, none)).toEqual([]);
});

test('the VXLAN is the port of no pod', () => {
  const vxlan = [port('gwvpn-vx')];
  expect([...closePorts(PLACES, [port('gwvpn-vx', OPEN)], none), ...openPorts(PLACES, vxlan, all)]).toEqual([]);
  expect(closePorts({ ...PLACES, vxlan: undefined }, [port('gwvpn-vx', OPEN)], none)).toHaveLength(2);
});
