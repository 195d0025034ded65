import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { createNamespace, run, signal } from './namespace.ts';
import { attachPod, CONFIG, createNode, datapath } from './node.ts';
import { type Program, type Running, start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

/** What happens on the node, as a command, and what the log says of its repair. */
type Drift = readonly [title: string, command: string, repair: string];

/** How long, in milliseconds, the node may stay as the drift has left it. */
const LIMIT = 3000;

const LINKS: readonly Drift[] = [
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
  ['the VXLAN is in another group', 'ip link set gwvpn-vx group 7', 'gwvpn-vx: set group 10000007'],
  ['the bridge loses its alias', "ip link set gwvpn alias ''", 'gwvpn: set alias gateway-network egress/vpn agent-a'],
  [
    'snooping is switched on',
    'ip link set gwvpn type bridge mcast_snooping 1',
    'gwvpn: set type bridge mcast_snooping 0',
  ],
  ['the bridge gets an address', 'ip addr add 192.168.50.9/24 dev gwvpn', 'gwvpn: addresses removed'],
];

const PEERS: readonly Drift[] = [
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
  [
    'all peers are removed',
    'for peer in 12 13; do bridge fdb del 00:00:00:00:00:00 dev gwvpn-vx dst 172.18.0.$peer || exit; done',
    'gwvpn-vx: peers added: 172.18.0.12 172.18.0.13',
  ],
];

const LOADED = 'packet filter rules loaded';
const FLUSH = 'nft flush ruleset';

/** The rules of {@link RULES}, counted by chain. */
const CHAINS: readonly [string, number][] = [
  ['inet gwn_vpn prerouting', 1],
  ['inet gwn_vpn input', 1],
  ['inet gwn_vpn forward', 2],
  ['arp gwn_vpn input', 1],
  ['bridge gwn_vpn forward', 1],
];

const SNAT = { snat: { chain: 'KIND-MASQ-AGENT', subnets: ['192.168.50.0/24', 'fd00:50::/64'] } };
const RESTORED = 'rule inserted into';

const PACKET_FILTER: readonly Drift[] = [
  ...CHAINS.flatMap(([chain, count]) =>
    Array.from({ length: count }, (_, index): Drift => [
      `rule ${index + 1} of ${chain} is deleted`,
      `handle=$(nft -a list chain ${chain} | sed -n 's/.* # handle //p' | sed -n ${index + 2}p) && nft delete rule ${chain} handle $handle`,
      LOADED,
    ]),
  ),
  ['a chain is emptied', 'nft flush chain inet gwn_vpn forward', LOADED],
  ['a table is emptied', 'nft flush table bridge gwn_vpn', LOADED],
  ['a table is deleted', 'nft delete table arp gwn_vpn', LOADED],
  ['the whole rule set is flushed', FLUSH, LOADED],
  ['FORWARD is emptied', 'iptables-nft -F FORWARD', `iptables-nft: ${RESTORED} FORWARD`],
  ['FORWARD of IPv6 is emptied', 'ip6tables-nft -F FORWARD', `ip6tables-nft: ${RESTORED} FORWARD`],
  ['the SNAT chain is emptied', 'iptables-nft -t nat -F KIND-MASQ-AGENT', `iptables-nft: ${RESTORED} KIND-MASQ-AGENT`],
  [
    'the SNAT chain of IPv6 is emptied',
    'ip6tables-nft -t nat -F KIND-MASQ-AGENT',
    `ip6tables-nft: ${RESTORED} KIND-MASQ-AGENT`,
  ],
];

/** Each line of them happens on one node, one drift after the other. */
const DRIFTS: readonly [string, readonly Drift[]][] = [
  ['its bridge', LINKS.filter(([title]) => !title.includes('VXLAN'))],
  ['its VXLAN', LINKS.filter(([title]) => title.includes('VXLAN'))],
  ['its peers', PEERS],
  ['its rules', PACKET_FILTER.filter(([title]) => title.startsWith('rule '))],
  ['its chains and tables', PACKET_FILTER.filter(([title]) => /^(a |the whole)/.test(title))],
  ['the chains of others', PACKET_FILTER.filter(([title]) => /^(FORWARD|the SNAT)/.test(title))],
];

/** A node whose iptables chains need rules, too. No timer helps the agent. */
function createFilteringNode(): Program {
  const node = createNode(SNAT, 11, { INTERVAL: '600' });
  for (const tool of ['iptables-nft', 'ip6tables-nft'])
    run(node.namespace, `${tool} -P FORWARD DROP && ${tool} -t nat -N KIND-MASQ-AGENT`);
  return node;
}

/** Lets a drift happen, in one go for the agent: it would answer before the second command of two. */
async function drift(agent: Running, [title, command, repair]: Drift): Promise<void> {
  const logged = agent.log().length;
  signal(agent.namespace, 'SIGSTOP');
  run(agent.namespace, command);
  signal(agent.namespace, 'SIGCONT');
  const since = Date.now();
  await eventually(() => expect(agent.log().slice(logged), title).toContain(repair));
  // This process may look at the log only later.
  expect(statSync(`${agent.directory}/log`).mtimeMs - since, title).toBeLessThan(LIMIT);
}

describeInNamespaces('within seconds', () => {
  it.each(DRIFTS)('the agent puts right %s', async (_, drifts) => {
    const node = createFilteringNode();
    using agent = start(node);
    await untilReady(agent);
    const wanted = datapath(agent);
    for (const one of drifts.filter(([, command]) => command !== FLUSH)) {
      await drift(agent, one);
      await eventually(() => expect(datapath(agent), one[0]).toBe(wanted));
    }
    await untilReady(agent);
    for (const one of drifts.filter(([, command]) => command === FLUSH)) {
      await drift(agent, one);
      // The chains of others stay away until those make them.
      await untilReady(agent, /^ready; iptables-nft has no chain KIND-MASQ-AGENT/);
      for (const table of wanted.match(/^table \S+ gwn_vpn \{[^]*?^\}/gm) ?? [])
        expect(datapath(agent)).toContain(table);
    }
  });

  const POD_DRIFTS: readonly Drift[] = [
    ['the bridge was deleted', 'ip link del gwvpn', ': attached to gwvpn again'],
    ['a pod was taken off the bridge', 'ip link set $0 nomaster', ': attached to gwvpn again'],
    ['a pod was put into another group', 'ip link set $0 group 7', ": put into the group of the network's ports"],
  ];

  it.each(POD_DRIFTS)('pods work again after %s', async (title, command, repair) => {
    const node = createNode({}, 11, { INTERVAL: '600' });
    using agent = start(node);
    await untilReady(agent);
    const pods = [attachPod(node, '192.168.50.20/24'), attachPod(node, '192.168.50.21/24')];
    const [port = ''] = /veth\S+(?=@)/.exec(run(node.namespace, 'ip -o link show master gwvpn type veth')) ?? [];
    await eventually(() =>
      expect(run(node.namespace, `ip link show group ${CONFIG.portGroup} type veth`).match(/veth/g)).toHaveLength(2),
    );
    await drift(agent, [title, command.replace('$0', port), repair]);
    await eventually(() => run(pods[0] ?? '', 'ping -n -c 1 -W 1 192.168.50.21'));
    await untilReady(agent);
  });

  const FLAPS: readonly [string, string, string][] = [
    ['was down', 'ip link set eth0 down', 'ip link set eth0 up'],
    ['had lost its address', 'ip addr flush dev eth0', 'ip addr add 172.18.0.11/24 dev eth0'],
    [
      'was deleted',
      'ip link del eth0',
      'ip link add eth0 type veth peer name fabric && ip link set fabric up && ip link set eth0 up && ip addr add 172.18.0.11/24 dev eth0',
    ],
    ['had too small an MTU', 'ip link set eth0 mtu 1400', 'ip link set eth0 mtu 1500'],
  ];

  it.each(FLAPS)('the node is ready again when its underlay %s', async (_, flap, mend) => {
    const node = createNode({}, 11, { INTERVAL: '600' });
    // As in kind, the underlay looks like the end of a pod.
    const wire = createNamespace();
    run(node.namespace, `ip link set fabric netns ${wire}`);
    run(wire, 'ip link set fabric up');
    using agent = start(node);
    await untilReady(agent);
    // What the start stirs up has settled then, and nothing but the flap wakes the agent.
    await sleep(3000);
    const wanted = datapath(agent);
    run(agent.namespace, flap);
    if (!flap.endsWith('down')) await untilReady(agent, /^not ready: /);
    run(agent.namespace, mend);
    const since = Date.now();
    await eventually(() => expect(datapath(agent)).toBe(wanted));
    await untilReady(agent);
    expect(Date.now() - since).toBeLessThan(LIMIT);
  });
});
