import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { run, signal } from './namespace.ts';
import { createNode, datapath } from './node.ts';
import { start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

/** What happens on the node, as a command, and what the log says of its repair. */
const DRIFTS: readonly [string, string, string][] = [
  ['the VXLAN is deleted', 'ip link del gwvpn-vx', 'gwvpn-vx: VXLAN created'],
  ['the bridge is deleted', 'ip link del gwvpn', 'gwvpn: bridge created'],
  ['the bridge is put down', 'ip link set gwvpn down', 'gwvpn: set up'],
  ['the VXLAN is put down', 'ip link set gwvpn-vx down', 'gwvpn-vx: set up'],
  ['the MTU of the bridge is changed', 'ip link set gwvpn mtu 1500', 'gwvpn: set mtu 1450'],
  ['the MTU of the VXLAN is changed', 'ip link set gwvpn-vx mtu 1400', 'gwvpn-vx: set mtu 1450'],
  ['the VXLAN is taken off the bridge', 'ip link set gwvpn-vx nomaster', 'gwvpn-vx: set master gwvpn'],
  [
    'the VXLAN is moved to another bridge',
    'ip link add br9 type bridge && ip link set gwvpn-vx master br9 && ip link del br9',
    'gwvpn-vx: set master gwvpn',
  ],
  [
    'the VXLAN has another VNI',
    'ip link del gwvpn-vx && ip link add gwvpn-vx type vxlan id 7 dstport 4799 dev eth0',
    'gwvpn-vx: VXLAN deleted, it was another: id=7 ',
  ],
  ['the VXLAN stops to learn', 'ip link set gwvpn-vx type vxlan id 1000 nolearning', 'gwvpn-vx: set learning'],
  [
    'snooping is switched on',
    'ip link set gwvpn type bridge mcast_snooping 1',
    'gwvpn: set type bridge mcast_snooping 0',
  ],
  ['the bridge gets an address', 'ip addr add 192.168.50.9/24 dev gwvpn', 'gwvpn: addresses removed'],
  [
    'a peer is removed',
    'bridge fdb del 00:00:00:00:00:00 dev gwvpn-vx dst 172.18.0.12',
    'gwvpn-vx: peers added: 172.18.0.12',
  ],
  [
    'a peer too many is there',
    'bridge fdb append 00:00:00:00:00:00 dev gwvpn-vx dst 172.18.0.99',
    'gwvpn-vx: peers removed: 172.18.0.99',
  ],
  ['a table is deleted', 'nft delete table arp gwn_vpn', 'packet filter rules loaded'],
  ['a chain is emptied', 'nft flush chain inet gwn_vpn forward', 'packet filter rules loaded'],
  ['the whole rule set is flushed', 'nft flush ruleset', 'packet filter rules loaded'],
];

describeInNamespaces('the agent puts right that', () => {
  it.each(DRIFTS)('%s', async (_, command, repair) => {
    const node = createNode();
    using agent = start(node);
    await untilReady(agent);
    const wanted = datapath(node);
    const logged = agent.log().length;
    // In one go for the agent, or it would answer before the second command of two.
    signal(node.namespace, 'SIGSTOP');
    run(node.namespace, command);
    signal(node.namespace, 'SIGCONT');
    await eventually(() => expect(agent.log().slice(logged)).toContain(repair));
    await eventually(() => expect(datapath(node)).toBe(wanted));
    await untilReady(agent);
  });
});
