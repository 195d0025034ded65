import { expect, it } from 'vitest';
import { run } from '../agent/namespace.ts';
import { startClient } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { countIncoming } from './bed/counter.ts';
import { example } from './bed/example.ts';
import { install, untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';

describeDatapath('a flow between two nodes', () => {
  it.each(['multi-node', 'multicast'])('is seen on a third only by its first frames (%s)', async (name) => {
    using cluster = createCluster({ nodes: 3 });
    const installation = install(cluster, example(name), 2);
    await untilReady([...installation.agents, ...installation.routers]);
    const client = startClient(installation, 1);
    const third = cluster.nodes[2]?.namespace ?? '';
    const seen = countIncoming(third, 'eth0', { matches: ['udp dport 4799'] });
    const output = run(client.namespace, 'ping -n -c 500 -i 0.002 -W 1 192.168.50.1');
    expect(output).toContain('500 received');
    expect(seen()).toBeLessThan(10);
  });
});
