import { expect, it } from 'vitest';
import { run } from '../agent/namespace.ts';
import { startClient } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';
import { startEchoServer, tryTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';
import { watchSources } from './bed/watcher.ts';

describeDatapath('where the primary network masquerades by', () => {
  it.each(['iptables-nft', 'iptables-legacy', 'nftables'] as const)(
    '%s, the router sees the clients, and nodes only where the rules of the nodes are gone',
    async (masquerade) => {
      using cluster = createCluster({ masquerade });
      await startEchoServer(cluster.underlay.internet);
      const { agents, routers, manifests } = install(cluster, example('multi-node'), 2);
      await untilReady([...agents, ...routers]);
      const client = startClient({ cluster, manifests, agents, routers }, 1);
      const seen = watchSources(routers[0]?.namespace ?? '');
      await tryTraffic(client.namespace, [INTERNET.IPv4]);
      expect(seen()).toEqual(client.networkAddresses);

      for (const agent of agents) await agent.kill('SIGKILL');
      for (const { namespace } of cluster.nodes) {
        run(namespace, 'for family in inet arp bridge; do nft delete table $family gwn_egress.vpn; done');
      }
      await tryTraffic(client.namespace, [INTERNET.IPv4]);
      // Both nodes see the bridged packet; the last one to do so leaves its mark.
      expect(seen()).toContain(cluster.nodes[1]?.addresses.IPv4);

      for (const agent of agents) agent.restart();
      await untilReady(agents);
      run(routers[0]?.namespace ?? '', 'nft flush set inet watch IPv4');
      await tryTraffic(client.namespace, [INTERNET.IPv4]);
      expect(seen()).toEqual(client.networkAddresses);
    },
  );
});
