import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { run } from './namespace.ts';
import { createNode, createSuccessor, ruleSet, RULES } from './node.ts';
import { start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const FORWARD =
  '-A FORWARD -i gwvpn -o gwvpn -m comment --comment "gateway-network egress/vpn: bridged, not forwarded" -j ACCEPT';
const RETURN = '-m comment --comment "gateway-network egress/vpn: keeps its source address" -j RETURN';

describeInNamespaces('the rules of a node', () => {
  it('are the tables of rules.nft, beside those of others', async () => {
    const node = createNode();
    run(node.namespace, 'nft add table inet other');
    using agent = start(node);
    await untilReady(agent);
    expect(run(node.namespace, 'nft list tables')).toBe(
      'table inet other\ntable inet gwn_vpn\ntable arp gwn_vpn\ntable bridge gwn_vpn\ntable inet gwn_vpn_overlay\n',
    );
    expect(run(node.namespace, 'nft list table inet gwn_vpn')).toContain('iifname "gwvpn" notrack');
    expect(agent.log()).toMatch(
      /^packet filter rules loaded\npacket filter rules loaded: overlay\ngwvpn: bridge created\n/,
    );
  });

  it('are those of rules.nft, also when that changes, and are no repair then', async () => {
    const node = createNode();
    using agent = start(node);
    await untilReady(agent);
    const before = ruleSet(node);
    writeConfig(node, 'rules.nft', RULES.replace('gwvpn" notrack', 'gwvpn" counter notrack'));
    await eventually(() => expect(ruleSet(node)).toContain('"gwvpn" counter notrack'));
    writeConfig(node, 'rules.nft', RULES);
    await eventually(() => expect(ruleSet(node)).toBe(before));
  });

  it('accept the bridge in FORWARD of both families where the policy is DROP, once', async () => {
    const node = createNode();
    run(
      node.namespace,
      'iptables-nft -P FORWARD DROP && iptables-nft -A FORWARD -j DROP && ip6tables-nft -P FORWARD DROP',
    );
    using agent = start(node);
    await untilReady(agent);
    const expected = `-P FORWARD DROP\n${FORWARD}\n-A FORWARD -j DROP\n`;
    expect(run(node.namespace, 'iptables-nft -S FORWARD')).toBe(expected);
    expect(run(node.namespace, 'ip6tables-nft -S FORWARD')).toBe(`-P FORWARD DROP\n${FORWARD}\n`);
    run(node.namespace, 'iptables-nft -D FORWARD 1');
    await eventually(() => expect(run(node.namespace, 'iptables-nft -S FORWARD')).toBe(expected));
  });

  it('leave FORWARD alone where the policy is ACCEPT', async () => {
    const node = createNode();
    using agent = start(node);
    await untilReady(agent);
    expect(run(node.namespace, 'iptables-nft -S FORWARD')).toBe('-P FORWARD ACCEPT\n');
    expect(run(node.namespace, 'nft list tables')).not.toContain('filter');
  });

  it('return early from the chain that is named, for each subnet, once', async () => {
    const node = createNode({ snat: { chain: 'KIND-MASQ-AGENT', subnets: ['192.168.50.0/24', 'fd00:50::/64'] } });
    const masquerade = '-t nat -N KIND-MASQ-AGENT && $0 -t nat -A KIND-MASQ-AGENT -j MASQUERADE';
    for (const tool of ['iptables-nft', 'ip6tables-nft'])
      run(node.namespace, `${tool} ${masquerade.replace('$0', tool)}`);
    using agent = start(node);
    await untilReady(agent);
    const chain = (subnet: string) =>
      `-N KIND-MASQ-AGENT\n-A KIND-MASQ-AGENT -s ${subnet} ${RETURN}\n-A KIND-MASQ-AGENT -j MASQUERADE\n`;
    const shown = (tool: string) => run(node.namespace, `${tool} -t nat -S KIND-MASQ-AGENT`);
    expect(shown('iptables-nft')).toBe(chain('192.168.50.0/24'));
    expect(shown('ip6tables-nft')).toBe(chain('fd00:50::/64'));
    run(node.namespace, 'iptables-nft -t nat -D KIND-MASQ-AGENT 1');
    await eventually(() => expect(shown('iptables-nft')).toBe(chain('192.168.50.0/24')));
    await agent.stop();
    expect(shown('iptables-nft')).toBe('-N KIND-MASQ-AGENT\n-A KIND-MASQ-AGENT -j MASQUERADE\n');
  });

  it('wait for the chain that is named, and the agent says so', async () => {
    const node = createNode({ snat: { chain: 'KIND-MASQ-AGENT', subnets: ['192.168.50.0/24'] } });
    using agent = start(node);
    await untilReady(agent, /^ready; iptables-nft has no chain KIND-MASQ-AGENT in table nat$/);
    run(node.namespace, 'iptables-nft -t nat -N KIND-MASQ-AGENT');
    await untilReady(agent);
  });

  it('stay in force when new ones are not understood; the node is not ready then', async () => {
    const node = createNode();
    using agent = start(node);
    await untilReady(agent);
    const before = run(node.namespace, 'nft -s list ruleset');
    using next = start(createSuccessor(node, 'agent-b', {}, RULES.replace('notrack', 'nonsense')));
    await untilReady(next, /^not ready: packet filter rules loaded: failed: .*rules\.nft:6:.* Error: .*$/);
    expect(run(node.namespace, 'nft -s list ruleset')).toBe(before);
  });
});
