import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { attach, ATTACHMENTS, createGuarded, give, guarding, isOpen } from './guarded.ts';
import { run } from './namespace.ts';
import { attachPod, configText, createNode, link, overlay, peers, RULES, type Values } from './node.ts';
import { ask, type Program, start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

/** The indexes of the bridge and the VXLAN: others where one was made anew. */
function indexes({ namespace }: Program): string {
  return run(namespace, 'cat /sys/class/net/gwvpn*/ifindex');
}

/** What a program says that it runs. */
function configuration({ directory }: Program): string {
  return readFileSync(`${directory}/state/status`, 'utf8').split('\n')[1] ?? '';
}

const CHANGES: readonly [string, Values, Values, (node: Program) => void][] = [
  [
    'the MTU',
    {},
    { mtu: 1400 },
    (node) => {
      expect([link(node, 'gwvpn'), link(node, 'gwvpn-vx')].join('\n').match(/ mtu 1400 /g)).toHaveLength(2);
    },
  ],
  [
    'the peers',
    {},
    { peers: ['172.18.0.11', '172.18.0.13', '172.18.0.14'] },
    (node) => {
      expect(peers(node).toSorted()).toEqual(['172.18.0.13', '172.18.0.14']);
      expect(run(node.namespace, 'nft list chain inet gwn_vpn_overlay guard')).toContain(
        'ip saddr { 172.18.0.13, 172.18.0.14 } accept',
      );
    },
  ],
  [
    'the TTL of a group',
    { ...overlay({ flooding: { type: 'Multicast', group: '239.1.1.1' } }), ttl: 4, peers: undefined },
    { ...overlay({ flooding: { type: 'Multicast', group: '239.1.1.1' } }), ttl: 7, peers: undefined },
    (node) => expect(link(node, 'gwvpn-vx')).toContain(' ttl 7 '),
  ],
  [
    'the chain of the source NAT',
    { snat: { chain: 'MASQ', subnets: ['192.168.50.0/24'] } },
    { snat: { chain: 'MASQ', subnets: ['192.168.51.0/24'] } },
    (node) => {
      const shown = run(node.namespace, 'iptables-nft -t nat -S MASQ');
      expect(shown).toContain('-s 192.168.51.0/24 ');
      expect(shown).not.toContain('-s 192.168.50.0/24 ');
    },
  ],
];

describeInNamespaces('a running agent', () => {
  it('takes over what the network gives to pods', async () => {
    const node = createGuarded();
    using agent = start(node);
    attach(node, 'veth1');
    give(node, 'veth1');
    await eventually(() => expect(isOpen(node, 'veth1')).toBe(true));
    const attachments = { ...ATTACHMENTS, clients: ['egress.other'] };
    writeConfig(node, 'config.json', configText({ ...guarding(node.results), attachments }));
    await eventually(() => expect(isOpen(node, 'veth1')).toBe(false));
    writeConfig(node, 'config.json', configText(guarding(node.results)));
    await eventually(() => expect(isOpen(node, 'veth1')).toBe(true));
    await untilReady(agent);
  });

  it.each(CHANGES)('takes over %s, and no link is made anew', async (_, before, after, check) => {
    const node = createNode(before);
    run(node.namespace, 'iptables-nft -t nat -N MASQ');
    using agent = start(node);
    await untilReady(agent);
    const [links, fingerprint] = [indexes(node), configuration(node)];
    writeConfig(node, 'config.json', configText(after));
    await eventually(() => check(node));
    await eventually(() => expect(configuration(node)).not.toBe(fingerprint));
    expect(indexes(node)).toBe(links);
    await untilReady(agent);
  });

  it.each<readonly [string, string, string]>([
    [
      'another bridge',
      configText({ bridge: 'gwother' }),
      'config.json: bridge is another now, which takes a new agent',
    ],
    ['another VNI', configText(overlay({ vni: 7 })), 'config.json: overlay is another now, which takes a new agent'],
    ['a value out of shape', configText({ mtu: 1 }), 'config.json: mtu must be a number from 68 to 65535, but is 1'],
    ['no JSON', '{', 'config.json is no JSON: '],
  ])('goes on as before, and is not ready, with %s', async (_, text, fault) => {
    const node = createNode();
    using agent = start(node);
    await untilReady(agent);
    attachPod(node, '192.168.50.20/24');
    const fingerprint = configuration(node);
    writeConfig(node, 'config.json', text);
    writeConfig(node, 'rules.nft', RULES.replace('gwvpn" notrack', 'gwvpn" counter notrack'));
    await eventually(() => expect(agent.log()).toContain(`not ready: ${fault}`));
    run(node.namespace, 'ip link set gwvpn-vx down');
    await eventually(() => expect(link(node, 'gwvpn-vx')).toContain(',UP,'));
    expect(run(node.namespace, 'nft list ruleset')).not.toContain('counter packets 0 bytes 0 notrack');
    expect([link(node, 'gwother'), configuration(node)]).toEqual(['absent', fingerprint]);
    writeConfig(node, 'config.json', configText());
    writeConfig(node, 'rules.nft', RULES);
    await untilReady(agent);
    expect(ask(node, 'ready').output).toMatch(/^ready \(configuration [\da-f]{16}\)$/);
  });
});
