import { afterEach, beforeAll, expect, it } from 'vitest';
import { isAnswered, startEchoServer, tryTraffic } from '../datapath/bed/traffic.ts';
import { IMAGES } from './add-ons.ts';
import { describeCluster } from './describe.ts';
import { expectEgress } from './expect-egress.ts';
import { EVERYWHERE, figuresOf } from './figures.ts';
import { install } from './installation.ts';
import { clients, release } from './pods.ts';
import { until } from './process.ts';
import { countAround, senders } from './senders.ts';
import { guardsOf, startMultus, stopMultus } from './unattached.ts';

const SYSTEM = ['-n', 'kube-system'];
const DAEMON = 'daemonset/kube-multus-ds';

describeCluster('clients that the thick plugin of Multus attaches', { multus: 'thick' }, (cluster) => {
  const manifests = senders('multi-node', { subnets: ['192.168.50.0/24', 'fd00:50::/64'] });
  let counters: readonly (() => number)[] = [];
  beforeAll(async () => {
    await startEchoServer(cluster().underlay.internet);
    counters = cluster().nodes.map((node) => countAround(cluster(), node));
    await install(cluster(), manifests);
  }, 120_000);
  afterEach(() => expect(counters.map((count) => count())).toEqual([0, 0]));

  const deleteClients = async (): Promise<void> => {
    const before = await clients(cluster());
    await cluster().kubectl(['-n', 'apps', 'delete', 'pods', '--all']);
    release(before);
  };
  /** Waits until a client of each node is on the network. */
  const untilTheyAreBack = async (): Promise<void> => {
    for (const node of cluster().nodes) {
      await until(`a client of ${node.name} on the network`, 240, async () => {
        const client = (await clients(cluster())).find((one) => one.node === node);
        return client !== undefined && isAnswered(await tryTraffic(client.namespace, EVERYWHERE));
      });
    }
  };

  it('leave by the gateway', async () => {
    await expectEgress(cluster(), manifests);
  }, 60_000);

  it('lose nothing when its daemon is replaced by another release', async () => {
    for (const node of cluster().nodes) node.ctr(['images', 'tag', IMAGES.thickMultus, `${IMAGES.thickMultus}-other`]);
    const { outage, ...figures } = await figuresOf(await clients(cluster()), async () => {
      await cluster().kubectl([...SYSTEM, 'set', 'image', DAEMON, `*=${IMAGES.thickMultus}-other`]);
      await cluster().kubectl([...SYSTEM, 'rollout', 'status', DAEMON, '--timeout=60s']);
    });
    console.log(`daemon replaced: out for ${outage} ms`);
    expect(figures).toEqual({ lost: 0, broken: 0, strays: 0 });
  }, 120_000);

  it('start when its daemon is killed', async () => {
    for (const node of cluster().nodes) node.run(['pkill', '-KILL', '-x', 'multus-daemon']);
    await deleteClients();
    await untilTheyAreBack();
  }, 600_000);

  it('wait while its daemon is away, and start when it is back', async () => {
    await stopMultus(cluster());
    await deleteClients();
    await until('guards without the network', 60, async () => {
      const words = await guardsOf(cluster(), 'client');
      return words.filter((each) => each.startsWith('this pod is not attached to the network egress/vpn')).length === 2;
    });
    await startMultus(cluster());
    // They would be replaced by themselves, see unattached.test.ts.
    await deleteClients();
    await untilTheyAreBack();
  }, 600_000);
});
