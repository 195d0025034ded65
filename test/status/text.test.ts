import { expect, test } from 'vitest';
import type { NetworkStatus } from '../../fn/status/network-status.ts';
import { coloured, plain } from '../../fn/status/paint.ts';
import { statusOf } from '../../fn/status/status.ts';
import { formatStatus } from '../../fn/status/text.ts';
import { healthy, NETWORK, NOW } from './healthy.ts';

const WELL: NetworkStatus = {
  ...NETWORK,
  ok: true,
  releases: ['0.1.0'],
  agents: {
    wanted: 2,
    configuration: '84a777557a135c3d',
    pods: [
      { pod: 'vpn-node-agent-x', node: 'node1', ready: true },
      { pod: 'vpn-node-agent-y', node: 'node2', ready: true },
    ],
  },
  routers: [
    { name: 'vpn-router-0', active: true, pods: [{ pod: 'r0', node: 'node1', ready: true }] },
    { name: 'vpn-router-1', active: false, pods: [{ pod: 'r1', node: 'node2', ready: true }] },
  ],
  clients: [{ namespace: 'apps', pod: 'web-0', addresses: ['192.168.50.16', 'fd00:50::10'] }],
  absent: [],
  pools: [{ range: '192.168.50.0/24', size: 239, taken: 3, stale: 2 }],
  problems: [],
};

const WRONG: NetworkStatus = {
  ...WELL,
  ok: false,
  agents: {
    wanted: 3,
    pods: [
      { pod: 'x', node: 'node1', ready: true },
      { pod: 'y', node: 'a-longer-node', ready: false, reason: 'the underlay eth0 has MTU 1450' },
    ],
  },
  routers: [{ name: 'vpn-router-0', pods: [{ pod: 'r0', ready: false, reason: 'not scheduled: no node' }] }],
  absent: [
    { namespace: 'apps', pod: 'web-1', starting: false, reason: 'the guard keeps it from starting: no interface' },
    { namespace: 'apps', pod: 'web-2', starting: true, reason: 'it is not attached yet' },
  ],
  problems: ['3 nodes want an agent'],
};

test('all is well', () => {
  expect(formatStatus(WELL, plain, NOW)).toBe(`egress/vpn: all is well
  release   0.1.0
  agents    2 of 2 ready, configuration 84a777557a135c3d
    + node1  ready
    + node2  ready
  routers   2 of 2 ready
    + vpn-router-0  node1  active, ready
    + vpn-router-1  node2  standby, ready
  clients   1 attached
    + apps/web-0  192.168.50.16, fd00:50::10
  pool      3 of 239 addresses of 192.168.50.0/24 are taken, 2 by pods that do not run
`);
});

test('what is wrong comes first', () => {
  expect(formatStatus(WRONG, plain, NOW)).toBe(`egress/vpn: something is wrong
  release   0.1.0
  wrong     3 nodes want an agent
  agents    1 of 3 ready
    - a-longer-node  not ready: the underlay eth0 has MTU 1450
    + node1          ready
  routers   0 of 1 ready
    - vpn-router-0  no node  not ready: not scheduled: no node
  clients   1 attached, 1 starting, 1 not attached
    - apps/web-1  the guard keeps it from starting: no interface
    + apps/web-2  starting: it is not attached yet
    + apps/web-0  192.168.50.16, fd00:50::10
  pool      3 of 239 addresses of 192.168.50.0/24 are taken, 2 by pods that do not run
`);
});

test('a network of a thousand clients fits a screen', () => {
  const clients = Array.from({ length: 1000 }, (_, index) => ({
    namespace: 'apps',
    pod: `web-${index}`,
    addresses: [],
  }));
  const absent = Array.from({ length: 30 }, () => ({ namespace: 'apps', pod: 'x', starting: false, reason: 'why' }));
  const lines = formatStatus({ ...WELL, clients, absent }, plain, NOW)
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(41);
  expect(lines.at(-2)).toBe('      1000 more: -o json has all');
});

test('colours are beside the text, and do not change it', () => {
  const text = formatStatus(WRONG, coloured, NOW);
  expect(text).toContain('\u001b[31msomething is wrong\u001b[0m');
  // oxlint-disable-next-line no-control-regex
  expect(text.replaceAll(/\u001b\[\d+m/g, '')).toBe(formatStatus(WRONG, plain, NOW));
});

test('what is rendered and healthy is printed without a line of fault', () => {
  const text = formatStatus(statusOf(NETWORK, healthy('ha-vrrp'), NOW), plain, NOW);
  expect(text).toContain('egress/vpn: all is well');
  expect(text).not.toMatch(/^ +-/m);
});
