import { afterAll, beforeAll, expect, test } from 'vitest';
import { fingerprintOf } from '../../fn/node/config/fingerprint.ts';
import { describeWithApiServer } from '../api-server/cluster.ts';
import { command, fluxControllers } from '../engines/tool.ts';
import { type Any, condition, get } from './kube.ts';
import { ARTIFACT, KUSTOMIZATION, networks, type Pipeline, startPipeline } from './pipeline.ts';

const CONFIGS = '/api/v1/namespaces/egress/configmaps?labelSelector=app.kubernetes.io/component%3Dnode-agent';
const NETWORK = 'networks/gateway-network.yaml';

describeWithApiServer([...fluxControllers(), command('git')], (cluster, source = '', kustomize = '') => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await startPipeline(cluster(), source, kustomize);
  }, 200_000);
  afterAll(async () => pipeline?.stop());

  /** The ConfigMap of the agents of a network, whose name ends with a hash. */
  const configOf = async (network = 'vpn'): Promise<Any> => {
    const { items } = await get(cluster(), `${CONFIGS},gatewaynetwork.dev/network%3D${network}`);
    return items[0];
  };
  /**
   * Commits, asks Flux to look now instead of after its interval, and gives the seconds until the
   * API server has the change.
   */
  const seconds = async (vni: number): Promise<number> => {
    pipeline.git.commit(networks(vni));
    const started = performance.now();
    await pipeline.look();
    await expect
      .poll(async () => JSON.stringify((await configOf())?.data), { timeout: 30_000, interval: 20 })
      .toContain(String(vni));
    return (performance.now() - started) / 1000;
  };

  test('the example: what is committed is fetched, rendered, published and applied', async () => {
    pipeline.git.commit(networks());
    await pipeline.start();
    const [kustomization, artifact] = [await get(cluster(), KUSTOMIZATION), await get(cluster(), ARTIFACT)];
    expect(kustomization.status.lastAppliedRevision).toBe(artifact.status.artifact.revision);
    const applied_: string[] = kustomization.status.inventory.entries.map(({ id }: Any) => id);
    expect(applied_).toContain('egress_vpn-node-agent_apps_DaemonSet');
    expect(applied_.filter((id) => id.includes('NetworkAttachmentDefinition')).length).toBeGreaterThan(0);
    // Flux's substitution of variables has left the data alone.
    const { data, metadata } = await configOf();
    expect(metadata.annotations['gatewaynetwork.dev/configuration']).toBe(fingerprintOf(new Map(Object.entries(data))));
  }, 120_000);

  test('a commit that changes the network is in the API server within seconds', async () => {
    const times: number[] = [];
    for (const vni of [1001, 1002, 1003, 1004, 1005]) times.push(await seconds(vni));
    console.log(
      `seconds from Flux's look at the repository to the API server: ${times.map((each) => each.toFixed(2)).join(', ')}`,
    );
    // The middle one: other tests may hold the processors for a moment.
    expect(times.toSorted((a, b) => a - b)[2]).toBeLessThan(4);
  }, 120_000);

  test('a network that goes is pruned, and one that is broken changes nothing', async () => {
    const { metadata } = await configOf();
    pipeline.git.commit(networks(0));
    await pipeline.look();
    const render = '/apis/gatewaynetwork.dev/v1alpha1/namespaces/flux-system/gatewaynetworkrenders/networks';
    await expect
      .poll(async () => condition(await get(cluster(), render)), { timeout: 20_000 })
      .toMatchObject({
        status: 'False',
        message: expect.stringMatching(
          /networks\/gateway-network\.yaml:\d+:\d+: GatewayNetwork egress\/vpn: `spec\.overlay\.vni`/,
        ),
      });
    expect((await configOf()).metadata.resourceVersion).toBe(metadata.resourceVersion);

    const renamed = networks()[NETWORK]?.replace('name: vpn', 'name: other') ?? '';
    pipeline.git.commit({ [NETWORK]: renamed });
    await pipeline.look();
    await expect.poll(async () => configOf(), { timeout: 30_000 }).toBeUndefined();
    expect(await configOf('other')).toBeDefined();
  }, 120_000);
});
