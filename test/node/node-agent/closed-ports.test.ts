import { expect, test } from 'vitest';
import { closedFindings, knowsNobody, nobodyFault, waitingSince } from '../../../fn/node/node-agent/closed-ports.ts';
import type { Judgement } from '../../../fn/node/node-agent/identities.ts';
import type { Link } from '../../../fn/node/node-agent/link.ts';
import { port } from './given.ts';

const PLACES = { bridge: 'gwvpn', entry: 'gwvpn-in', portGroup: 10000007, vxlan: 'gwvpn-vx' };
const FOLDER = { path: '/results', exists: true };
const NOTHING: Judgement = { bound: [], refused: [], waiting: [], routers: new Set() };
const BOUND = [{ port: 'veth1', network: 'egress.vpn', isRouter: false, mac: '02:00:00:00:00:11', addresses: [] }];
const REFUSED = [{ port: 'veth2', reason: 'apps/pod-veth2: it was given no address' }];
const LATE =
  "no file in /results says whose the port veth8 veth9 is: it stays closed; is that the cniDir of Multus' configuration (spec.agent.daemonSet.cniDir)?";

test.each<readonly [string, boolean, Partial<Judgement>, readonly Link[]]>([
  ['a port is on the network', true, {}, [port('veth1', { master: 'gwvpn', group: '10000007' })]],
  ['one is known', false, { bound: BOUND }, [port('veth1', { master: 'gwvpn', group: '10000007' })]],
  ['one is refused', false, { refused: REFUSED }, [port('veth1', { master: 'gwvpn', group: '10000007' })]],
  ['none has been on the network', false, {}, [port('veth1'), port('veth2', { master: 'gwvpn' })]],
  ['one has been taken off it', false, {}, [port('veth1', { group: '10000007' })]],
  ['the VXLAN alone is there', false, {}, [port('gwvpn-vx', { master: 'gwvpn', group: '10000007' })]],
  ['there is none', false, {}, []],
])('where %s, whether nobody is known who was: %s', (_, expected, judgement, links) => {
  expect(knowsNobody(PLACES, links, { ...NOTHING, ...judgement })).toBe(expected);
});

test('that nobody is known any more is told with what may be wrong', () => {
  expect(nobodyFault('/results')).toBe(
    "no file in /results says whose any port is: those on the network stay as they are, and no others come; is that the cniDir of Multus' configuration (spec.agent.daemonSet.cniDir)?",
  );
});

test('a port waits since it was first seen without a file', () => {
  const first = waitingSince(['veth1', 'veth2'], new Map(), 100);
  const second = waitingSince(['veth2', 'veth3'], first, 105);
  expect([...second]).toEqual([
    ['veth2', 100],
    ['veth3', 105],
  ]);
});

test.each([
  ['refused', { refused: REFUSED }, [], FOLDER, [], ['closed: apps/pod-veth2: it was given no address (veth2)']],
  [
    'late beside one that is refused',
    { refused: REFUSED },
    ['veth8', 'veth9'],
    FOLDER,
    [],
    ['closed: apps/pod-veth2: it was given no address (veth2)', LATE],
  ],
  ['late beside one that is known', { bound: BOUND }, ['veth8', 'veth9'], FOLDER, [], [LATE]],
  ['late and nobody known', {}, ['veth8', 'veth9'], FOLDER, [LATE], []],
  ['late and no folder', { bound: BOUND }, ['veth8', 'veth9'], { ...FOLDER, exists: false }, [LATE], []],
  ['known', { bound: BOUND }, [], FOLDER, [], []],
])('what is told of ports that are %s', (_, judgement, late, folder, faults, notes) => {
  expect(closedFindings({ ...NOTHING, ...judgement }, late, folder)).toEqual({ faults, notes });
});
