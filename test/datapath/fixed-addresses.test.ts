import { expect, it } from 'vitest';
import { cniPlugins } from '../engines/tool.ts';
import { leaks, startClient } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, untilReady } from './bed/installation.ts';
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
});
