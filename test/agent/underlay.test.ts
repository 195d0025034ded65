import { expect, it } from 'vitest';
import { run } from './namespace.ts';
import { createNode, link, overlay, type Values } from './node.ts';
import { start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const UNDERLAYS: readonly [string, Values, string, string][] = [
  [
    'is too small',
    {},
    'ip link set eth0 mtu 1499',
    'the underlay eth0 has MTU 1499: too small for 1450 and 50 of VXLAN, it must be 1500',
  ],
  [
    'is too small for IPv6',
    { ...overlay({ family: 'IPv6' }), peers: ['fd00:18::12'] },
    'true',
    'the underlay eth0 has MTU 1500: too small for 1450 and 70 of VXLAN, it must be 1520',
  ],
  ['is absent', overlay({ underlay: 'eth7' }), 'true', 'the underlay eth7 has no IPv4 address'],
  ['has lost its address', {}, 'ip addr flush dev eth0', "no interface has the node's address 172.18.0.11"],
  [
    'has no address of the family',
    { ...overlay({ family: 'IPv6' }), peers: ['fd00:18::12'] },
    'ip -6 addr flush dev eth0',
    'the underlay eth0 has no IPv6 address',
  ],
];

describeInNamespaces('a node is not ready, and says so with the figures, when its underlay', () => {
  it.each(UNDERLAYS)('%s', async (_, values, command, reason) => {
    const node = createNode(values);
    run(node.namespace, command);
    using agent = start(node);
    await untilReady(agent, `not ready: ${reason}`);
    expect(link(node, 'gwvpn-vx')).toBe('absent');
    expect(link(node, 'gwvpn')).toContain(',UP,');
  });

  it('shrinks, until it has grown again', async () => {
    const node = createNode();
    using agent = start(node);
    await untilReady(agent);
    run(node.namespace, 'ip link set eth0 mtu 1400');
    await untilReady(agent, 'not ready: the underlay eth0 has MTU 1400');
    run(node.namespace, 'ip link set eth0 mtu 1500');
    await untilReady(agent);
    expect(agent.log()).toMatch(/^ready\nnot ready: the underlay .*\nready\n$/m);
  });
});
