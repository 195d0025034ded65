import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { run, tryRun } from './namespace.ts';
import {
  attachPod,
  configText,
  createNode,
  createSuccessor,
  datapath,
  link,
  overlay,
  RULES,
  type Values,
} from './node.ts';
import { ask, createProgram, type Program, readiness, start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';
import { createNodes } from './two-nodes.ts';

/** The agent of another installation on the same node, whose pod is called like that of the first. */
function createOther(node: Program, namespace: string, values: Values, rules = RULES): Program {
  const other = createProgram({ ...node, environment: { ...node.environment, POD_NAMESPACE: namespace } });
  writeConfig(other, 'config.json', configText(values));
  writeConfig(other, 'rules.nft', rules);
  return other;
}

/** Of a network that was rendered without a namespace, or for another one than it is in. */
const LABELS: readonly [string, string][] = [
  ['without a namespace', 'vpn'],
  ['for another namespace', 'base/vpn'],
];

describeInNamespaces('of two networks that were rendered alike,', () => {
  it.each(LABELS)('%s, the second leaves the first alone, whatever becomes of it', async (_, network) => {
    const node = createNode({}, 11, { METRICS_EVERY: '1' });
    const values = { network, metricsFile: `${node.directory}/state/vpn.prom` };
    writeConfig(node, 'config.json', configText(values));
    using first = start(node);
    await untilReady(first);
    attachPod(node, '192.168.50.20/24');
    await eventually(() => expect(first.log()).toContain("group of the network's ports"));
    await eventually(() => expect(readFileSync(values.metricsFile, 'utf8')).toContain('gateway_network_ready'));
    const before = [datapath(node), first.log()];
    expect(before[0]).toContain(' alias gateway-network egress/vpn agent-a');

    const other = createOther(node, 'elsewhere', values);
    using second = start(other);
    await untilReady(
      second,
      "not ready: gwvpn is not ours, its alias is 'gateway-network egress/vpn agent-a': left alone",
    );
    await second.stop();
    ask(other, 'down');
    expect([datapath(node), first.log()]).toEqual(before);
    expect(readiness(first)).toBe('ready');
    expect(existsSync(values.metricsFile)).toBe(true);
  });

  it('the second has the node when the first has left it', async () => {
    const node = createNode({ network: 'vpn' });
    using first = start(node);
    await untilReady(first);
    using second = start(createOther(node, 'elsewhere', { network: 'vpn' }));
    await untilReady(second, /is not ours/);
    await first.stop();
    await untilReady(second);
    expect(link(node, 'gwvpn')).toContain(' alias gateway-network elsewhere/vpn agent-a');
  });

  it('an agent takes over from the one before it, in the same namespace', async () => {
    const node = createNode({ network: 'vpn' });
    using first = start(node);
    await untilReady(first);
    using next = start(createSuccessor(node, 'agent-b', { network: 'vpn' }));
    await untilReady(next);
    expect(next.log()).toContain('gwvpn: taken over from agent-a\n');
  });
});

describeInNamespaces('of two networks with one VNI,', () => {
  it('the second says so, and no packet of the first is lost', async () => {
    const [node, far] = await createNodes({});
    const client = attachPod(node, '192.168.50.20/24');
    attachPod(far, '192.168.50.1/24');
    const before = datapath(node);
    const values = {
      network: 'lab/lan',
      bridge: 'gwlan',
      portGroup: 10000008,
      ...overlay({ device: 'gwlan-vx' }),
      // Its rules would let nobody but this node send.
      peers: ['172.18.0.11'],
    };
    using second = start(
      createOther(node, 'lab', values, RULES.replaceAll('gwn_vpn', 'gwn_lan').replaceAll('gwvpn', 'gwlan')),
    );
    await untilReady(
      second,
      "not ready: VNI 1000 on port 4799 is taken by gwvpn-vx, whose alias is 'gateway-network egress/vpn agent-a': " +
        'left alone, another network needs another VNI',
    );
    expect(tryRun(client, 'ping -n -c 10 -i 0.1 -W 1 192.168.50.1')).toContain(' 0% packet loss');
    expect(run(node.namespace, 'nft list tables')).not.toContain('gwn_lan_overlay');
    await second.stop();
    expect(tryRun(client, 'ping -n -c 10 -i 0.1 -W 1 192.168.50.1')).toContain(' 0% packet loss');
    expect(datapath(node)).toBe(before);
    expect(link(node, 'gwlan')).toBe('absent');
  });

  it('of which one is over IPv6, or on another port, both are ready', async () => {
    const node = createNode();
    using first = start(node);
    await untilReady(first);
    const lan = { network: 'lab/lan', bridge: 'gwlan', portGroup: 10000008 };
    const rules = RULES.replaceAll('gwn_vpn', 'gwn_lan').replaceAll('gwvpn', 'gwlan');
    const six = {
      ...overlay({ device: 'gwlan-vx', family: 'IPv6' }),
      peers: ['fd00:18::11', 'fd00:18::12'],
      mtu: 1430,
    };
    using second = start(createOther(node, 'lab', { ...lan, ...six }, rules));
    await untilReady(second);
    await second.stop();
    using third = start(createOther(node, 'lab', { ...lan, ...overlay({ device: 'gwlan-vx', port: 4798 }) }, rules));
    await untilReady(third);
    expect(readiness(first)).toBe('ready');
  });
});
