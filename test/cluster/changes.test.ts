import { beforeAll, expect, it, vi } from 'vitest';
import { isAnswered, startEchoServer, tryTraffic } from '../datapath/bed/traffic.ts';
import { NAMESPACE, ROUTERS, type Scene, sceneOf } from './accidents.ts';
import { CHANGES } from './changes.ts';
import { describeCluster } from './describe.ts';
import { EVERYWHERE, figuresOf } from './figures.ts';
import { answerHalf, answerWhole } from './half-answer.ts';
import { apply, install, untilReady } from './installation.ts';
import { allocations, type State, stateOf } from './node-state.ts';
import { clients, release } from './pods.ts';
import { endingSoon } from './senders.ts';

const SOON = { timeout: 90_000, interval: 100 };

describeCluster('a network', {}, (cluster) => {
  const fields: Record<string, unknown> = { subnets: ['192.168.50.0/24', 'fd00:50::/64'] };
  const manifests = () => endingSoon('multi-node', fields);
  let scene: Scene;
  let before: readonly State[];
  beforeAll(async () => {
    await startEchoServer(cluster().underlay.internet);
    before = await Promise.all(cluster().nodes.map(stateOf));
    await install(cluster(), manifests());
    scene = await sceneOf(cluster(), manifests(), await clients(cluster()));
  }, 120_000);

  /** Applies it with other fields, and has the kubelets look at the ConfigMaps of its pods at once. */
  const change = async (changed: object): Promise<void> => {
    Object.assign(fields, changed);
    await apply(cluster(), manifests());
    const marked = ['annotate', 'pods', '--all', '--overwrite', `seen=${Date.now()}`];
    await cluster()
      .kubectl(['-n', NAMESPACE, ...marked])
      .catch((error: unknown) => {
        // A pod that is being replaced.
        if (!String(error).includes('NotFound')) throw error;
      });
    await untilReady(cluster(), manifests());
  };
  const rollAgents = async (): Promise<void> => {
    await cluster().kubectl(['-n', NAMESPACE, 'rollout', 'restart', 'daemonset']);
    await untilReady(cluster(), manifests());
  };

  it('loses nothing when its agents are rolled', async () => {
    const { outage, ...figures } = await figuresOf(scene.clients, rollAgents);
    console.log(`agents rolled: out for ${outage} ms`);
    expect(figures).toEqual({ lost: 0, broken: 0, strays: 0 });
  }, 120_000);

  it.each(CHANGES)(
    'does as is promised when $title changes',
    async (changed) => {
      const { name } = await scene.router();
      const figures = await figuresOf(scene.clients, async () => {
        await change(changed.fields);
        await vi.waitFor(async () => changed.check(scene), SOON);
      });
      console.log(`${changed.title}: ${JSON.stringify(figures)}`);
      expect(figures.strays).toBe(0);
      expect((await scene.router()).name === name ? 'kept' : 'replaced').toBe(changed.router);
      if (changed.outage === 0) expect(figures.lost).toBe(0);
      else expect(figures.outage).toBeLessThan(changed.outage);
      expect(figures.broken === 0).toBe(changed.keepsConnections);
    },
    120_000,
  );

  it('keeps its peers when the first answers lack half of them', async () => {
    const { node } = await scene.router();
    await answerHalf(cluster(), NAMESPACE, node);
    const { outage, ...figures } = await figuresOf(scene.clients, async () => {
      await rollAgents();
      for (const one of cluster().nodes) {
        const others = cluster().nodes.filter((other) => other !== one);
        const known = one.run(['bridge', 'fdb', 'show', 'dev', 'vx-vpn-4gfy37']);
        for (const { addresses } of others) expect(known).toContain(` dst ${addresses.IPv4} `);
      }
      await cluster().kubectl(['-n', NAMESPACE, 'delete', 'pod', '-l', ROUTERS]);
      await untilReady(cluster(), manifests());
    });
    console.log(`half of the peers in the first answer: out for ${outage} ms`);
    expect(figures.strays).toBe(0);
    expect(outage).toBeLessThan(10_000);
    // What whereabouts says of the router's pod, which has no address of it.
    const failed = ['get', 'events', '-o', 'name', '--field-selector', 'reason=IPAddressGarbageCollectionFailed'];
    expect(await cluster().kubectl(['-n', NAMESPACE, ...failed])).toBe('');
    await answerWhole(cluster(), NAMESPACE, manifests());
  }, 120_000);

  it('has its new clients on the other network when subnets changes, and the others on none', async () => {
    const { name } = await scene.router();
    await change({ subnets: ['192.168.60.0/24', 'fd00:60::/64'] });
    expect((await scene.router()).name).not.toBe(name);
    for (const { namespace, strays } of scene.clients) {
      expect(isAnswered(await tryTraffic(namespace, EVERYWHERE))).toBe(false);
      expect(strays()).toBe(0);
    }
    await cluster().kubectl(['-n', 'apps', 'delete', 'pods', '--all']);
    release(scene.clients);
    await untilReady(cluster(), manifests());
    for (const { namespace, addresses } of await clients(cluster())) {
      expect(addresses('net1')).toEqual([expect.stringMatching(/^192\.168\.60\./), expect.stringMatching(/^fd00:60:/)]);
      await vi.waitFor(async () => expect(isAnswered(await tryTraffic(namespace, EVERYWHERE))).toBe(true), SOON);
    }
    await vi.waitFor(() => {
      for (const node of cluster().nodes)
        expect(node.run(['nft', 'list', 'ruleset'])).not.toMatch(/192\.168\.50\.|fd00:50:/);
    }, SOON);
  }, 120_000);

  it('leaves nothing on its nodes when its namespaces are deleted', async () => {
    await cluster().kubectl(['delete', 'namespace', NAMESPACE, 'apps']);
    await vi.waitFor(
      async () => {
        expect(await Promise.all(cluster().nodes.map(stateOf))).toEqual(before);
        expect(await allocations(cluster())).toEqual([]);
      },
      { timeout: 30_000, interval: 300 },
    );
  }, 120_000);
});
