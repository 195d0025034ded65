import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run, tryRun } from '../agent/namespace.ts';
import { cniPlugins } from '../engines/tool.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { nodeOf } from './bed/installation.ts';
import { createSandbox, type Sandbox } from './bed/node.ts';
import { describeDatapath } from './bed/requirements.ts';
import { isAnswered, startEchoServer, tryTraffic } from './bed/traffic.ts';
import { createVlan, VLAN } from './bed/vlan.ts';

const SERVER = [VLAN.server.IPv4, VLAN.server.IPv6];
const NETWORKS = {
  macvlan: { type: 'macvlan', master: 'eth1', mode: 'bridge' },
  bridge: { type: 'bridge', bridge: 'br-vlan' },
} as const;

/** A pod that is on the VLAN with an address of its own; the plugin has none to give. */
function attach(cluster: Cluster, type: keyof typeof NETWORKS, number: number): Sandbox {
  const config = JSON.stringify({ cniVersion: '1.0.0', name: 'untrusted', plugins: [NETWORKS[type]] });
  const definition = { kind: 'NetworkAttachmentDefinition', metadata: { name: 'vlan', namespace: 'apps' } };
  const pod = createSandbox(nodeOf(cluster, number), {
    name: 'pod',
    kubernetesNamespace: 'apps',
    annotations: { 'k8s.v1.cni.cncf.io/networks': 'vlan@ext0' },
    definitions: [{ ...definition, spec: { config } }],
  });
  run(
    pod.namespace,
    `ip addr add 10.99.0.5${number}/24 dev ext0 && ip addr add fd00:99::5${number}/64 dev ext0 nodad && ip link set ext0 up
     ip route add 198.51.100.0/24 via ${VLAN.router.IPv4} && ip -6 route add 2001:db8:51::/48 via ${VLAN.router.IPv6}`,
  );
  return pod;
}

const pings = ({ namespace }: Pick<Sandbox, 'namespace'>, address: string) =>
  tryRun(namespace, `ping -n -c 1 -W 1 ${address}`) !== undefined;

describeDatapath('the VLAN of the test bed', () => {
  const cases = cniPlugins().flatMap(({ title, path = '' }) =>
    (['macvlan', 'bridge'] as const).map((type) => ({ type, title, path })),
  );
  it.each(cases)('is reached by pods with $type of $title, and tells what comes from whom', async ({ type, path }) => {
    using cluster = createCluster({ plugins: path });
    const vlan = createVlan(cluster, type === 'bridge' ? { bridge: 'br-vlan' } : {});
    await startEchoServer(vlan.server);
    const [one, other] = [attach(cluster, type, 1), attach(cluster, type, 2)];
    expect(isAnswered(await tryTraffic(one.namespace, SERVER))).toBe(true);
    expect(pings(other, VLAN.attacker.IPv4)).toBe(true);
    expect(pings({ namespace: vlan.attacker }, '10.99.0.51')).toBe(true);
    expect(pings({ namespace: vlan.attacker }, VLAN.server.IPv6)).toBe(true);
    const seen = vlan.sources(1);
    expect(seen['10.99.0.51']).toBeGreaterThan(10);
    expect(seen['fd00:99::51']).toBeGreaterThan(10);
    expect(Object.keys(seen).filter((address) => !/^(10\.99\.0\.51|fd00:99::51|::|fe80::.*)$/.test(address))).toEqual(
      [],
    );
    expect(Object.keys(vlan.sources(2))).toContain('10.99.0.52');

    // Whoever has no address there gets no answer, and is seen.
    run(
      one.namespace,
      `ip addr add 192.168.50.9/32 dev ext0 && ip route replace 198.51.100.0/24 via 10.99.0.1 src 192.168.50.9`,
    );
    expect(pings(one, VLAN.server.IPv4)).toBe(false);
    expect(vlan.sources(1)['192.168.50.9']).toBeGreaterThan(0);
  });

  it('has a node again that has started again', async () => {
    using cluster = createCluster({ nodes: 1 });
    const vlan = createVlan(cluster);
    const [node] = cluster.nodes;
    if (!node) throw new Error('there is no node');
    cluster.reboot(node);
    vlan.plug(node);
    const pod = attach(cluster, 'macvlan', 1);
    await eventually(() => expect(pings(pod, VLAN.router.IPv4)).toBe(true));
    expect(vlan.sources(1)['10.99.0.51']).toBeGreaterThan(0);
  });
});
