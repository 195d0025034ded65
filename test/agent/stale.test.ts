import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { run } from './namespace.ts';
import { createNode, link } from './node.ts';
import { start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const OURS = 'alias "gateway-network egress/vpn agent-z"';
const OTHERS = 'alias "gateway-network egress/vpn2 agent-z"';

function comment(network: string): string {
  return `-m comment --comment "gateway-network ${network}: bridged, not forwarded" -j ACCEPT`;
}

describeInNamespaces('an agent that starts removes what an earlier spec of its network has left:', () => {
  it('links of other names, but not those of other networks', async () => {
    const node = createNode();
    run(
      node.namespace,
      `ip link add gwold type bridge && ip link set gwold ${OURS} &&
        ip link add gwold-vx type vxlan id 1000 dstport 4799 dev eth0 && ip link set gwold-vx master gwold ${OURS} &&
        ip link add gwvpn2 type bridge && ip link set gwvpn2 ${OTHERS} && ip link add br9 type bridge`,
    );
    const others = [link(node, 'gwvpn2'), link(node, 'br9')];
    using agent = start(node);
    await untilReady(agent);
    expect([link(node, 'gwold'), link(node, 'gwold-vx')]).toEqual(['absent', 'absent']);
    expect([link(node, 'gwvpn2'), link(node, 'br9')]).toEqual(others);
    expect(link(node, 'gwvpn-vx')).toContain(' id 1000 ');
  });

  it('iptables rules that it does not want, but not those of others', async () => {
    const node = createNode({ snat: { chain: 'MASQ', subnets: ['192.168.50.0/24'] } });
    const kept =
      '-s 192.168.50.0/24 -m comment --comment "gateway-network egress/vpn: keeps its source address" -j RETURN';
    run(
      node.namespace,
      `iptables-nft -P FORWARD DROP && iptables-nft -A FORWARD -i gwold -o gwold ${comment('egress/vpn')} &&
        iptables-nft -A FORWARD -i gwvpn2 -o gwvpn2 ${comment('egress/vpn2')} && iptables-nft -A FORWARD -i x -j ACCEPT &&
        ip6tables-nft -A FORWARD -i gwold -o gwold ${comment('egress/vpn')} &&
        iptables-nft -t nat -N MASQ && iptables-nft -t nat -N OLD && iptables-nft -t nat -A MASQ ${kept} &&
        iptables-nft -t nat -A MASQ ${kept.replace('.50.', '.51.')} && iptables-nft -t nat -A OLD ${kept}`,
    );
    using agent = start(node);
    await untilReady(agent);
    expect(run(node.namespace, 'iptables-nft -S FORWARD')).toBe(
      `-P FORWARD DROP\n-A FORWARD -i gwvpn -o gwvpn ${comment('egress/vpn')}\n-A FORWARD -i gwvpn2 -o gwvpn2 ${comment('egress/vpn2')}\n-A FORWARD -i x -j ACCEPT\n`,
    );
    expect(run(node.namespace, 'ip6tables-nft -S FORWARD')).toBe('-P FORWARD ACCEPT\n');
    expect(run(node.namespace, 'iptables-nft -t nat -S')).toContain(`-N MASQ\n-N OLD\n-A MASQ ${kept}\n`);
    expect(run(node.namespace, 'iptables-nft -t nat -S')).not.toContain('.51.');
    expect(agent.log()).not.toContain('rule inserted into MASQ');
  });

  it('tables of its name in families that have none any more', async () => {
    const node = createNode();
    run(
      node.namespace,
      'nft add table netdev gwn_vpn && nft add table ip gwn_vpn && nft add table ip gwn_vpn2 && nft add table ip gwn_vpn_overlay && nft add table inet gwn_vpn_old',
    );
    using agent = start(node);
    await untilReady(agent);
    const tables = run(node.namespace, 'nft list tables').trimEnd().split('\n');
    const expected = ['ip gwn_vpn2', 'inet gwn_vpn', 'arp gwn_vpn', 'bridge gwn_vpn', 'inet gwn_vpn_overlay'];
    expect(tables.toSorted()).toEqual(expected.map((table) => `table ${table}`).toSorted());
    await eventually(() => expect(agent.log()).toContain('table netdev gwn_vpn deleted\n'));
  });
});
