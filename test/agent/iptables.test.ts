import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { run } from './namespace.ts';
import { createNode, type Values } from './node.ts';
import { type Program, start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const MARK = '-m comment --comment "gateway-network egress/vpn';
const FORWARD = `-A FORWARD -i gwvpn -o gwvpn ${MARK}: bridged, not forwarded" -j ACCEPT`;
const RETURN = `-A MASQ -s 192.168.50.0/24 ${MARK}: keeps its source address" -j RETURN`;

/** Rules of others in FORWARD, and whether packets may be dropped there in the end. */
const CHAINS: readonly [string, boolean][] = [
  ['-P FORWARD DROP', true],
  ['-A FORWARD -j DROP', true],
  ['-A FORWARD -j REJECT', true],
  ['-A FORWARD -s 10.0.0.0/8 -j DROP', false],
  ['-A FORWARD -i cni0 -j REJECT', false],
  ['-A FORWARD -j DROPPED', false],
  ['-A FORWARD -j ACCEPT', false],
];

/** A node that manages its iptables-legacy, which asks for one more capability. */
function createLegacyNode(values: Values = {}): Program {
  const node = createNode({ iptablesLegacy: 'Manage', ...values }, 11, { INTERVAL: '600' });
  return { ...node, capabilities: ['net_raw'] };
}

function forward({ namespace }: Program, tool: string): string {
  return run(namespace, `${tool} -S FORWARD`);
}

describeInNamespaces('in the iptables chains of others, the bridge', () => {
  it.each(CHAINS)('is accepted only where packets may be dropped: %s', async (rule, needed) => {
    const node = createNode();
    run(node.namespace, `iptables-nft -N DROPPED && iptables-nft ${rule}`);
    const before = forward(node, 'iptables-nft').trimEnd().split('\n');
    using agent = start(node);
    await untilReady(agent);
    const expected = needed ? before.toSpliced(1, 0, FORWARD) : before;
    expect(forward(node, 'iptables-nft').trimEnd().split('\n')).toEqual(expected);
  });

  it('stays where it was put when others put rules before it', async () => {
    const node = createNode();
    run(node.namespace, 'iptables-nft -P FORWARD DROP');
    using agent = start(node);
    await untilReady(agent);
    run(node.namespace, 'iptables-nft -N OTHERS && iptables-nft -I FORWARD -j OTHERS');
    const before = forward(node, 'iptables-nft');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(forward(node, 'iptables-nft')).toBe(before);
  });

  it('is not accepted in iptables-legacy unless asked, which is said where that is used', async () => {
    const node = createNode();
    run(node.namespace, 'iptables-legacy -P FORWARD DROP');
    using agent = start(node);
    await untilReady(
      agent,
      /^ready; iptables-legacy is used on this node and its FORWARD chain cannot be seen: .* set spec\.nodeRules\.iptablesLegacy to Manage$/,
    );
    expect(forward(node, 'iptables-legacy')).toBe('-P FORWARD DROP\n');
  });

  it('is accepted in iptables-legacy of both families where asked, and again within two seconds', async () => {
    const node = createLegacyNode();
    run(node.namespace, 'iptables-legacy -P FORWARD DROP && ip6tables-legacy -A FORWARD -j REJECT');
    using agent = start(node);
    await untilReady(agent);
    const expected = ['-P FORWARD DROP', FORWARD, ''].join('\n');
    expect(forward(node, 'iptables-legacy')).toBe(expected);
    expect(forward(node, 'ip6tables-legacy')).toContain(`-P FORWARD ACCEPT\n${FORWARD}\n-A FORWARD -j REJECT`);
    run(node.namespace, 'iptables-legacy -F FORWARD');
    const since = Date.now();
    await eventually(() => expect(forward(node, 'iptables-legacy')).toBe(expected));
    expect(Date.now() - since).toBeLessThan(2000);
    await agent.stop();
    expect(forward(node, 'iptables-legacy')).toBe('-P FORWARD DROP\n');
    expect(forward(node, 'ip6tables-legacy')).not.toContain('gwvpn');
  });

  it('returns early from the SNAT chain in whichever iptables has it', async () => {
    const node = createLegacyNode({ snat: { chain: 'MASQ', subnets: ['192.168.50.0/24'] } });
    run(node.namespace, 'iptables-legacy -t nat -N MASQ && iptables-legacy -t nat -A MASQ -j MASQUERADE');
    using agent = start(node);
    await untilReady(agent);
    const masquerade = '-A MASQ -j MASQUERADE\n';
    expect(run(node.namespace, 'iptables-legacy -t nat -S MASQ')).toBe(`-N MASQ\n${RETURN}\n${masquerade}`);
    await agent.stop();
    expect(run(node.namespace, 'iptables-legacy -t nat -S MASQ')).toBe(`-N MASQ\n${masquerade}`);
  });

  it('leaves no trace of iptables-legacy where that is not used', async () => {
    const node = createLegacyNode();
    using agent = start(node);
    await untilReady(agent);
    await agent.stop();
    expect(run(node.namespace, 'cat /proc/net/ip_tables_names /proc/net/ip6_tables_names')).toBe('');
  });
});
