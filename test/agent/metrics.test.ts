import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { run } from './namespace.ts';
import { attachPod, createNode, OVERLAY, RULES } from './node.ts';
import { envText, type Program, start, untilReady, type Values, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

function createMeasuredNode(values: Values = {}): Program & { readonly file: string } {
  const node = createNode({}, 11, { METRICS_EVERY: '1' });
  const file = `${node.directory}/state/gateway_network_egress_vpn.prom`;
  writeConfig(node, 'network.env', envText({ ...OVERLAY, METRICS_FILE: file, ...values }));
  return { ...node, file };
}

const EXPECTED = `# HELP gateway_network_ready Whether the node is as the network needs it.
# TYPE gateway_network_ready gauge
gateway_network_ready{network="egress/vpn"} 1
# HELP gateway_network_repairs_total Changes that put right what something else had changed on the node.
# TYPE gateway_network_repairs_total counter
gateway_network_repairs_total{network="egress/vpn"} 0
# HELP gateway_network_peers Other nodes that flooded frames are sent to.
# TYPE gateway_network_peers gauge
gateway_network_peers{network="egress/vpn"} 2
# HELP gateway_network_pods_with_other_mtu Pods of the node whose interface has another MTU than the network: they are older than it.
# TYPE gateway_network_pods_with_other_mtu gauge
gateway_network_pods_with_other_mtu{network="egress/vpn"} 0
# HELP gateway_network_dropped_packets_total Packets that a rule has dropped.
# TYPE gateway_network_dropped_packets_total counter
gateway_network_dropped_packets_total{network="egress/vpn",reason="to-node"} 0
gateway_network_dropped_packets_total{network="egress/vpn",reason="out-through-node"} 0
gateway_network_dropped_packets_total{network="egress/vpn",reason="in-through-node"} 0
gateway_network_dropped_packets_total{network="egress/vpn",reason="arp-to-node"} 0
gateway_network_dropped_packets_total{network="egress/vpn",reason="router-advertisement"} 0
gateway_network_dropped_packets_total{network="egress/vpn",reason="fragment-outside-underlay"} 0
gateway_network_dropped_packets_total{network="egress/vpn",reason="vxlan-outside-underlay"} 0
gateway_network_dropped_packets_total{network="egress/vpn",reason="vxlan-translated"} 0
gateway_network_dropped_packets_total{network="egress/vpn",reason="vxlan-from-unknown-host"} 0
gateway_network_dropped_packets_total{network="egress/vpn",reason="vxlan-from-pod"} 0
gateway_network_dropped_packets_total{network="egress/vpn",reason="to-vxlan-port-from-pod"} 0
gateway_network_dropped_packets_total{network="egress/vpn",reason="vxlan-through-service"} 0
gateway_network_dropped_packets_total{network="egress/vpn",reason="vxlan-from-other-program"} 0
gateway_network_dropped_packets_total{network="egress/vpn",reason="to-vxlan-port-from-other-program"} 0
`;

describeInNamespaces('metrics', () => {
  it('are there from the first pass to the last, where they are asked for', async () => {
    const node = createMeasuredNode();
    using agent = start(node);
    await untilReady(agent);
    expect(readFileSync(node.file, 'utf8')).toBe(EXPECTED);
    await agent.stop();
    expect(existsSync(node.file)).toBe(false);
  });

  it('count repairs, and drops by their reason', async () => {
    const node = createMeasuredNode();
    // A reason that two rules share is one series.
    writeConfig(node, 'rules.nft', RULES.replace('in-through-node', 'out-through-node'));
    using agent = start(node);
    await untilReady(agent);
    const pod = attachPod(node, '192.168.50.20/24');
    run(node.namespace, 'ip link set gwvpn-vx down');
    run(pod, 'ping -n -c 2 -i 0.1 -W 1 172.18.0.11 || ip neigh show');
    const mac = run(node.namespace, 'cat /sys/class/net/gwvpn/address').trim();
    run(pod, `ip neigh add 192.168.50.1 lladdr ${mac} dev net1 && ip route add default via 192.168.50.1`);
    run(pod, 'ping -n -c 2 -i 0.1 -W 1 172.18.0.11 || true');
    await eventually(() => {
      const text = readFileSync(node.file, 'utf8');
      expect(text).toMatch(/^gateway_network_repairs_total\{network="egress\/vpn"\} [1-9]/m);
      expect(text).toContain('reason="to-node"} 2\n');
      expect(text.match(/reason="out-through-node"/g)).toHaveLength(1);
    });
  });

  it('say that a node is not ready', async () => {
    const node = createMeasuredNode({ UNDERLAY_INTERFACE: 'eth7' });
    using agent = start(node);
    await untilReady(agent, /^not ready/);
    await eventually(() =>
      expect(readFileSync(node.file, 'utf8')).toContain('gateway_network_ready{network="egress/vpn"} 0\n'),
    );
  });

  it('that cannot be written do not keep a node from being ready', async () => {
    const node = createMeasuredNode({ METRICS_FILE: '/nowhere/vpn.prom' });
    using agent = start(node);
    await untilReady(agent, 'ready; the metrics cannot be written to /nowhere/vpn.prom');
  });
});
