import { join } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { describeCluster } from '../cluster/describe.ts';
import { expectEgress } from '../cluster/expect-egress.ts';
import { apply } from '../cluster/installation.ts';
import { stream } from '../cluster/stream.ts';
import { startEchoServer } from '../datapath/bed/traffic.ts';
import { sidecarWith } from '../engines/cmp-server.ts';
import { describeWith } from '../engines/describe-tools.ts';
import { cmpServer, kustomizes } from '../engines/tool.ts';
import { serve } from './server.ts';

const ROOT = join(import.meta.dirname, '../..');
const SOURCE = { repoURL: 'https://git.example.com/a.git', path: 'plain', plugin: { name: 'gateway-network-fn' } };
const APPLICATION = {
  metadata: { name: 'vpn' },
  spec: { project: 'default', source: SOURCE, destination: { namespace: 'egress' } },
};

const newest = kustomizes().at(-1) ?? { title: 'kustomize' };
describeWith([cmpServer(), newest], (tools = '', kustomize = '') => {
  describeCluster('a network that the cmp-server of Argo CD renders', {}, (cluster) => {
    beforeAll(async () => startEchoServer(cluster().underlay.internet));

    it('takes its clients outside by its gateway', async () => {
      const sidecar = sidecarWith(kustomize);
      onTestFinished(sidecar.remove);
      const server = await serve(tools, sidecar.programs, [join(ROOT, 'deploy/argo-cd/plugin.yaml')]);
      onTestFinished(server.stop);
      const repository = join(ROOT, 'examples/argo-cd');
      const [answer] = server.ask({ ask: 'manifests', repository, application: APPLICATION });
      expect(answer?.error).toBeUndefined();
      const objects = (answer?.manifests ?? []).map((manifest) => JSON.parse(manifest) as { readonly kind: string });
      // Argo CD applies namespaces before what is in them.
      const isNamespace = ({ kind }: { readonly kind: string }) => Number(kind === 'Namespace');
      const manifests = stream(objects.toSorted((one, other) => isNamespace(other) - isNamespace(one)));
      await apply(cluster(), manifests);
      await expectEgress(cluster(), manifests);
    }, 180_000);
  });
});
