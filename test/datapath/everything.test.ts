import type { V1PodTemplateSpec } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run, tryRun } from '../agent/namespace.ts';
import { startClient } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, nodeOf, untilReady } from './bed/installation.ts';
import { startNameServer } from './bed/name-server.ts';
import { type Pod, startPod } from './bed/pod.ts';
import { describeDatapath } from './bed/requirements.ts';
import { ECHO_PORT, isAnswered, startEchoServer, tryTraffic } from './bed/traffic.ts';
import { createVlan, VLAN } from './bed/vlan.ts';
import { master, masters } from './failover.ts';
import { lookUp, OUTSIDE, RECORDS } from './names.ts';

const PORT = 6881;
const FIXED = ['192.168.50.99', 'fd00:50::63'] as const;
const SHARED = ['10.99.0.50', 'fd00:99::50'];
const SERVER = [VLAN.server.IPv4, VLAN.server.IPv6];
const DENIED = 8081;
const OPTIONS = {
  clientIsolation: 'Enabled',
  clients: [
    { names: ['client'], namespaces: ['apps'], dns: 'Gateway', preserveInbound: 'Enabled', addresses: FIXED },
    { names: ['other'] },
  ],
  'gateway.dns': { upstreams: SERVER },
  'gateway.firewall': {
    deny: [{ protocol: 'TCP', ports: [DENIED] }],
    allow: [{ protocol: 'TCP' }, { protocol: 'UDP', ports: [ECHO_PORT] }, { protocol: 'ICMP' }],
  },
  'gateway.portForwards': ['TCP', 'UDP'].map((protocol) => ({
    protocol,
    port: PORT,
    targetPort: ECHO_PORT,
    to: { addresses: FIXED },
  })),
};

const OTHER = `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: other, namespace: apps}
spec: {template: {spec: {containers: []}}}
`;

describeDatapath('a network with every option at once', () => {
  it('does what each of them says, also when its master is gone', async () => {
    using cluster = createCluster({ nodes: 3, layout: 'Routed' });
    const vlan = createVlan(cluster);
    using _ = startNameServer(vlan.server, cluster.directory, RECORDS);
    await startEchoServer(vlan.server);
    await startEchoServer(vlan.server, undefined, DENIED);
    const source = example('ha-vlan-conntrack', OPTIONS)
      .replaceAll('eth1.99', 'eth1')
      .replace('replicas: 2', 'replicas: 1');
    const scene = install(cluster, source + OTHER, [1, 2]);
    const { agents, routers, manifests } = scene;
    await untilReady([...agents, ...routers]);
    await eventually(() => expect(masters(routers)).toHaveLength(1));

    const template = manifests.deployments.find(({ metadata }) => metadata?.name === 'client')?.spec?.template;
    const client = startPod(cluster, manifests, {
      node: nodeOf(cluster, 3),
      namespace: 'apps',
      template: template as V1PodTemplateSpec,
    });
    const other = startClient(scene, 3, 'other').networkAddresses[0] ?? '';
    const primary = client.sandbox?.addresses ?? [];
    for (const address of [...FIXED, ...primary]) await startEchoServer(client.namespace, address);

    const expectAll = async (): Promise<void> => {
      expect(isAnswered(await tryTraffic(client.namespace, SERVER)), 'what is allowed').toBe(true);
      const denied = await tryTraffic(client.namespace, SERVER, undefined, DENIED);
      expect(denied.flatMap(({ udp, tcp }) => [...udp, ...tcp]).filter(([, answered]) => answered > 0)).toEqual([]);
      expect(lookUp(client, OUTSIDE.name), 'names').toEqual(OUTSIDE.addresses);
      expect(isAnswered(await tryTraffic(vlan.attacker, SHARED, undefined, PORT)), 'forwarded ports').toBe(true);
      expect(isAnswered(await tryTraffic(cluster.underlay.internet, primary)), 'inbound connections').toBe(true);
      expect(tryRun(client.namespace, `ping -n -c 2 -i 0.2 -W 1 ${other}`), 'another client').toBeUndefined();
    };
    await expectAll();
    const first = master(routers);
    await first.crash();
    run(first.namespace, 'ip link set net1 down');
    await eventually(() => expect(masters(routers.filter((router) => router !== first))).toHaveLength(1));
    await untilReady(routers.filter((router: Pod) => router !== first));
    await expectAll();
  });
});
