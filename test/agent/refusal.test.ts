import { expect, it } from 'vitest';
import { run } from './namespace.ts';
import { createNode, link } from './node.ts';
import { start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const FOREIGN: readonly [string, string, string][] = [
  [
    'another type in the bridge',
    'ip link add gwvpn type veth peer name other',
    'gwvpn exists and is no bridge: left alone',
  ],
  [
    'a bridge with an address',
    'ip link add gwvpn type bridge && ip addr add 10.1.0.1/24 dev gwvpn',
    'gwvpn is not ours, it has an address: left alone',
  ],
  [
    'a bridge with a port that is no pod',
    'ip link add gwvpn type bridge && ip link add v9 link eth0 type macvlan && ip link set v9 master gwvpn',
    "gwvpn is not ours, it has a port that is no pod's: left alone",
  ],
  ['another type in the VXLAN', 'ip link add gwvpn-vx type bridge', 'gwvpn-vx exists and is no VXLAN: left alone'],
  [
    'a VXLAN of another bridge',
    'ip link add br9 type bridge && ip link add gwvpn-vx type vxlan id 9 dstport 4799 dev eth0 && ip link set gwvpn-vx master br9',
    'gwvpn-vx is not ours, it belongs to br9: left alone',
  ],
  [
    'a VXLAN with an address',
    'ip link add gwvpn-vx type vxlan id 1000 dstport 4799 dev eth0 && ip addr add 10.1.0.1/24 dev gwvpn-vx',
    'gwvpn-vx is not ours, something else uses it: left alone',
  ],
  [
    'a VXLAN without an identifier of its own',
    'ip link add gwvpn-vx type vxlan external dstport 4799',
    'gwvpn-vx is not ours, something else uses it: left alone',
  ],
  [
    'the bridge of another network',
    'ip link add gwvpn type bridge && ip link set gwvpn alias "gateway-network egress/other pod-x"',
    "gwvpn is not ours, its alias is 'gateway-network egress/other pod-x': left alone",
  ],
  [
    'the VXLAN of another network',
    'ip link add gwvpn-vx type vxlan id 1000 dstport 4799 dev eth0 && ip link set gwvpn-vx alias "gateway-network other"',
    "gwvpn-vx is not ours, its alias is 'gateway-network other': left alone",
  ],
];

describeInNamespaces('a node where something else has the name is not ready and leaves it alone:', () => {
  it.each(FOREIGN)('%s', async (_, command, reason) => {
    const node = createNode();
    run(node.namespace, `iptables-nft -P FORWARD DROP && ${command}`);
    const rules = 'nft -s list ruleset';
    const before = [link(node, 'gwvpn'), link(node, 'gwvpn-vx'), run(node.namespace, rules)];
    using agent = start(node);
    await untilReady(agent, `not ready: ${reason}`);
    const [bridge, vxlan] = before;
    if (vxlan === 'absent') {
      // Rules for a bridge that is not ours would cut off those whose it is.
      expect([link(node, 'gwvpn'), link(node, 'gwvpn-vx'), run(node.namespace, rules)]).toEqual(before);
    }
    await agent.stop();
    expect([link(node, 'gwvpn'), link(node, 'gwvpn-vx'), run(node.namespace, rules)]).toEqual([
      bridge,
      vxlan,
      before[2],
    ]);
  });
});
