import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { run } from './namespace.ts';
import { attachPod, configText, createNode, overlay, RULES, type Values } from './node.ts';
import { ask, type Program, start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

function createMeasuredNode(values: Values = {}): Program & { readonly file: string } {
  const node = createNode({}, 11, { METRICS_EVERY: '1' });
  const file = `${node.directory}/state/gateway_network_egress_vpn.prom`;
  writeConfig(node, 'config.json', configText({ metricsFile: file, ...values }));
  return { ...node, file };
}

const filesOf = ({ directory }: Program) => readdirSync(`${directory}/state`);

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
# HELP gateway_network_configuration_info The configuration that the agent or the router runs.
# TYPE gateway_network_configuration_info gauge
gateway_network_configuration_info{network="egress/vpn",configuration="FINGERPRINT"} 1
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
# HELP gateway_network_metrics_timestamp_seconds When the agent or the router has measured all this.
# TYPE gateway_network_metrics_timestamp_seconds gauge
gateway_network_metrics_timestamp_seconds{network="egress/vpn"} SECONDS
`;

describeInNamespaces('metrics', () => {
  it('are there from the first pass to the last, where they are asked for', async () => {
    const node = createMeasuredNode();
    using agent = start(node);
    await untilReady(agent);
    const text = readFileSync(node.file, 'utf8')
      .replace(/(configuration=)"[\da-f]{16}"/, '$1"FINGERPRINT"')
      .replace(/(timestamp_seconds\{.*\}) \d{10}$/m, '$1 SECONDS');
    expect(text).toBe(EXPECTED);
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

  it('are told to whoever asks the agent, without files and where no metrics are wanted', async () => {
    const node = createNode({}, 11);
    expect(ask(node, 'report')).toEqual({
      status: 0,
      output: '{"state":"not ready: no check has been made yet","drops":{},"peers":0}',
    });
    using agent = start(node);
    await untilReady(agent);
    const pod = attachPod(node, '192.168.50.20/24');
    const mac = run(node.namespace, 'cat /sys/class/net/gwvpn/address').trim();
    run(pod, `ip neigh add 192.168.50.1 lladdr ${mac} dev net1 && ip route add default via 192.168.50.1`);
    run(pod, 'ping -n -c 3 -i 0.1 -W 1 172.18.0.11 || true');
    const before = filesOf(node);
    const { status, output } = ask(node, 'report');
    expect(status).toBe(0);
    expect(JSON.parse(output)).toEqual({
      state: 'ready',
      configuration: expect.stringMatching(/^[\da-f]{16}$/),
      drops: { 'to-node': 3 },
      peers: 2,
    });
    expect(filesOf(node)).toEqual(before);
  });

  it('say that a node is not ready', async () => {
    const node = createMeasuredNode(overlay({ underlay: 'eth7' }));
    using agent = start(node);
    await untilReady(agent, /^not ready/);
    await eventually(() =>
      expect(readFileSync(node.file, 'utf8')).toContain('gateway_network_ready{network="egress/vpn"} 0\n'),
    );
  });

  it('that cannot be written do not keep a node from being ready', async () => {
    const node = createMeasuredNode({ metricsFile: '/nowhere/vpn.prom' });
    using agent = start(node);
    await untilReady(agent, 'ready; the metrics cannot be written to /nowhere/vpn.prom');
  });
});
