import { expect, it } from 'vitest';
import { createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, untilReady } from './bed/installation.ts';
import { describeDatapath } from './bed/requirements.ts';

describeDatapath('an installation in the test bed', () => {
  it('has each router on the node that is named for it', async () => {
    using cluster = createCluster();
    const { routers } = install(cluster, example('two-networks'), [2, 1]);
    expect(routers.map(({ node }) => node.number)).toEqual([2, 1]);
    await untilReady(routers);
    expect(() => install(cluster, example('two-networks'), [1])).toThrow(/no node is named for the router .*-router-0/);
  });
});
