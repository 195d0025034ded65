import { expect, test } from 'vitest';
import { type Link, parseLinks } from '../../../fn/node/node-agent/link.ts';
import { outdatedPorts, raiseRouters } from '../../../fn/node/node-agent/pod-ports.ts';

const NAMES = { bridge: 'gwvpn', vxlan: 'gwvpn-vx' } as Parameters<typeof outdatedPorts>[2];
const ROUTERS = new Set(['veth1', 'veth2', 'veth3']);

/** The ports of the bridge with these MTUs, by their names. */
const links = (mtus: Readonly<Record<string, number>>): readonly Link[] =>
  parseLinks(
    JSON.stringify(
      Object.entries(mtus).map(([ifname, mtu], ifindex) => ({ ifindex, ifname, mtu, flags: ['UP'], master: 'gwvpn' })),
    ),
  );

test('the MTU of the ends of routers is raised, and that of no other', () => {
  const changes = raiseRouters(links({ veth1: 1400, veth2: 1450, veth3: 1500, veth4: 1400 }), ROUTERS, 1450);
  expect(changes.map(({ what, command }) => `${what} | ${command.join(' ')}`)).toEqual([
    'veth1: MTU of a router raised to 1450, it was 1400 | ip link set dev veth1 mtu 1450',
  ]);
});

test('of pods with another MTU is told, but not of routers', () => {
  const found = (mtus: Readonly<Record<string, number>>) => outdatedPorts(links(mtus), 1450, NAMES, ROUTERS);
  expect(found({ 'gwvpn-vx': 1300, veth1: 1500, veth4: 1450 })).toEqual({ count: 0, notes: [] });
  expect(found({ veth4: 1400 })).toEqual({ count: 1, notes: ['1 pod has the MTU 1400, not 1450: make it anew'] });
  expect(found({ veth4: 1400, veth5: 1300, veth6: 1400 })).toEqual({
    count: 3,
    notes: ['3 pods have the MTU 1400 1300, not 1450: make them anew'],
  });
});
