import { expect, it } from 'vitest';
import { cniPlugins } from '../engines/tool.ts';
import { leaks, startClient } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, nodeOf, untilReady } from './bed/installation.ts';
import { NETWORKS } from './bed/multus.ts';
import { render } from './bed/manifests.ts';
import { createSandbox, type Sandbox } from './bed/node.ts';
import { describeDatapath } from './bed/requirements.ts';
import { isAnswered, startEchoServer, tryTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';

const ADDRESSES = ['192.168.50.200', 'fd00:50::200'];
const OTHER = `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: other, namespace: apps}
spec: {template: {spec: {containers: []}}}
`;
const [, newest] = cniPlugins();

describeDatapath('a client with fixed addresses', () => {
  it.each([
    ["Debian's plugins", {}],
    ['the newest plugins', newest?.path === undefined ? {} : { plugins: newest.path }],
  ])('has them, leaves by the gateway and by no other way, and is reached at them (%s)', async (_, options) => {
    using cluster = createCluster(options);
    await startEchoServer(cluster.underlay.internet);
    const clients = [{ names: ['client'], addresses: ADDRESSES }, { names: ['other'] }];
    // One pod, where the example has two, and a client of the pool.
    const source = example('multi-node', { subnets: ['192.168.50.0/24', 'fd00:50::/64'], clients });
    const installation = install(cluster, source.replace('replicas: 2', 'replicas: 1') + OTHER, 2);
    const { agents, routers } = installation;
    await untilReady([...agents, ...routers]);
    const [client, other] = [startClient(installation, 1), startClient(installation, 2, 'other')];
    expect(client.networkAddresses).toEqual(ADDRESSES);
    expect(isAnswered(await tryTraffic(client.namespace, [INTERNET.IPv4, INTERNET.IPv6]))).toBe(true);
    await startEchoServer(client.namespace);
    expect(isAnswered(await tryTraffic(other.namespace, ADDRESSES))).toBe(true);
    await routers[0]?.remove();
    const silent = await tryTraffic(client.namespace, [INTERNET.IPv4, INTERNET.IPv6]);
    expect(silent.map((report) => isAnswered([report]))).toEqual([false, false]);
    expect(leaks(installation, [client])).toBe(0);
  });

  it.each([
    ['whereabouts', { subnets: ['192.168.50.0/24', 'fd00:50::/64'] }, ADDRESSES, 'ignored'],
    ['host-local', { subnets: ['192.168.50.0/24'], overlay: undefined }, ADDRESSES.slice(0, 1), 'refused'],
  ])('no two pods have them at once, and none asks for others (%s)', (_, fields, addresses, fate) => {
    using cluster = createCluster({ nodes: 2 });
    const clients = [{ names: ['client'], addresses }];
    const source = example('multi-node', { ...fields, clients }).replace('replicas: 2', 'replicas: 1');
    const { definitions } = render(source);
    const [name] = definitions.map(({ metadata }) => metadata.name).filter((each) => /^vpn-[0-9a-z]{6}$/.test(each));
    const start = (podName: string, args = {}, node = 1) => {
      const network = { name, namespace: 'egress', ...args };
      return createSandbox(nodeOf(cluster, node), {
        name: 'pod',
        podName,
        kubernetesNamespace: 'apps',
        annotations: { [NETWORKS]: JSON.stringify([network]) },
        definitions,
      });
    };
    const held = (sandbox: Sandbox) => sandbox.results['net1']?.ips?.map(({ address }) => address.split('/')[0]);
    const greedy = () => start('greedy', { 'cni-args': { ips: ['203.0.113.10/32'] } });
    if (fate === 'ignored') {
      const pod = greedy();
      expect(held(pod)).toEqual(addresses);
      pod.remove();
    } else {
      expect(greedy).toThrow(/203\.0\.113\.10/);
    }
    const first = start('client-0');
    expect(held(first)).toEqual(addresses);
    expect(() => start('another')).toThrow(/in range/);
    if (fate === 'ignored') {
      // A StatefulSet's pod after its node was lost.
      expect(held(start('client-0', {}, 2))).toEqual(addresses);
    } else {
      first.remove();
      expect(held(start('another'))).toEqual(addresses);
    }
  });
});
