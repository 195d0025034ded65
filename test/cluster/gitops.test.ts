import { join } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import type { ReachedServer } from '../api-server/api-server.ts';
import { startEchoServer } from '../datapath/bed/traffic.ts';
import { parsed, sidecarWith } from '../engines/cmp-server.ts';
import { describeWith } from '../engines/describe-tools.ts';
import { command, fluxControllers, fluxCrds, kustomizes } from '../engines/tool.ts';
import { networks, startPipeline } from '../flux/pipeline.ts';
import { describeCluster } from './describe.ts';
import { expectEgress } from './expect-egress.ts';
import { apply, rendered, uninstall } from './installation.ts';
import { stream } from './stream.ts';

const ARGO_CD = join(import.meta.dirname, '../../examples/argo-cd');
const OUR_CRDS = join(import.meta.dirname, '../../schemas/gateway-network-render.crd.yaml');
const [newest = { title: 'kustomize' }] = kustomizes().slice(-1);

const needed = [...fluxControllers(), fluxCrds(), newest, command('git')];
describeWith(needed, (source = '', applier = '', crds = '', kustomize = '') => {
  describeCluster('a network comes to the nodes', {}, (cluster) => {
    beforeAll(async () => startEchoServer(cluster().underlay.internet));

    it('by the plugin of Argo CD, as its sidecar runs it', async () => {
      const sidecar = sidecarWith(kustomize);
      onTestFinished(sidecar.remove);
      const { stdout, stderr, status } = sidecar.generate({ repository: ARGO_CD, path: 'plain' });
      expect(status, stderr).toBe(0);
      // Argo CD applies namespaces before what is in them.
      const objects = parsed(stdout).toSorted(
        (a, b) => Number(b.kind === 'Namespace') - Number(a.kind === 'Namespace'),
      );
      const manifests = stream(objects);
      await apply(cluster(), manifests);
      await expectEgress(cluster(), manifests);
      await uninstall(cluster(), manifests);
    }, 120_000);

    it('by Flux, which takes a commit there and prunes what goes', async () => {
      const server: ReachedServer = { ...cluster().access, kubeconfig: cluster().kubeconfig };
      const { kubectl } = cluster();
      await kubectl(['apply', '--server-side', '-f', crds, '-f', OUR_CRDS]);
      const pipeline = await startPipeline(server, source, applier);
      onTestFinished(pipeline.stop);
      pipeline.git.commit(networks());
      await pipeline.start();
      await expectEgress(cluster(), rendered('multi-node'));
      pipeline.git.commit(networks(1001));
      await pipeline.look();
      const vxlans = () => cluster().nodes.map(({ run }) => run(['ip', '-d', 'link', 'show', 'type', 'vxlan']));
      await expect
        .poll(vxlans, { timeout: 60_000 })
        .toEqual(cluster().nodes.map(() => expect.stringContaining('vxlan id 1001')));
      await expectEgress(cluster(), rendered('multi-node'));
      await kubectl(['-n', 'flux-system', 'delete', 'kustomization.kustomize.toolkit.fluxcd.io', 'networks']);
      await expect.poll(async () => kubectl(['get', 'namespaces']), { timeout: 90_000 }).not.toMatch(/^egress /m);
    }, 240_000);
  });
});
