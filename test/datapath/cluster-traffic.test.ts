import { expect, it } from 'vitest';
import { run } from '../agent/namespace.ts';
import { startClient } from './bed/client.ts';
import { createCluster, DNS, WEB } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';
import { isAnswered, startEchoServer, tryTraffic } from './bed/traffic.ts';

describeDatapath('with a gateway network in place', () => {
  it('clients resolve names and reach Services, and nodes and pods reach clients', async () => {
    using cluster = createCluster();
    const installation = install(cluster, example('dual-stack'), 2);
    const { agents, routers } = installation;
    await untilReady([...agents, ...routers]);
    const client = startClient(installation, 1);
    for (const { namespace } of [client, cluster.web]) await startEchoServer(namespace);
    cluster.dns.write([`${WEB.addresses[0]} ${WEB.name}`]);

    for (const server of DNS.addresses) {
      expect(run(client.namespace, `busybox nslookup ${WEB.name} ${server}`)).toContain(WEB.addresses[0]);
    }
    expect(isAnswered(await tryTraffic(client.namespace, WEB.addresses))).toBe(true);
    expect(isAnswered(await tryTraffic(client.namespace, cluster.web.addresses))).toBe(true);
    expect(isAnswered(await tryTraffic(cluster.web.namespace, client.addresses))).toBe(true);
    // The kubelet probes from the node's address, or from one of the primary network; other nodes may ask, too.
    for (const { namespace, addresses } of cluster.nodes) {
      const [IPv4, IPv6] = client.addresses;
      expect(isAnswered(await tryTraffic(namespace, [IPv4], addresses.IPv4))).toBe(true);
      expect(isAnswered(await tryTraffic(namespace, [IPv6], addresses.IPv6))).toBe(true);
      expect(isAnswered(await tryTraffic(namespace, client.addresses))).toBe(true);
    }
  });
});
