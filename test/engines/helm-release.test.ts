import { stringify } from 'yaml';
import { describe, expect, test } from 'vitest';
import { describeWith } from './describe-tools.ts';
import { type Manifest, manifestsOf, ofKind } from './documents.ts';
import { folderOf } from './folder.ts';
import { type Ended, FUNCTION, output, run } from './program.ts';
import { kustomizes } from './tool.ts';

/** What the helm-controller reads of a post-renderer, and gives to kustomize. */
interface PostRenderer {
  readonly kustomize: { readonly patches: readonly object[] };
}

interface Pod {
  readonly metadata?: object;
  readonly spec: { readonly initContainers?: readonly Named[]; readonly volumes?: readonly Named[] };
}

interface Named {
  readonly name: string;
}

const network = (clients: string) => `apiVersion: gatewaynetwork.dev/v1alpha1
kind: GatewayNetwork
metadata: {name: vpn, namespace: egress}
spec:
  subnets: [192.168.50.0/24, "fd00:50::/64"]
  agent: {type: NodeNetworkOperator}
  clients:
  - ${clients}
`;

const release = (postRenderers = '') => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: chart, namespace: flux-system}
spec:
  targetNamespace: apps
  interval: 10m
${postRenderers}`;

const CONTAINERS = 'containers: [{name: main, image: "main:1", args: ["--port=80"]}]';
const INIT = 'initContainers: [{name: first, image: "first:1"}, {name: second, image: "second:1", env: []}]';
const VOLUMES = 'volumes: [{name: data, emptyDir: {}}, {name: config, configMap: {name: config}}]';
const LABELS = 'metadata: {labels: {app.kubernetes.io/name: chart}}';

/** Manifests as charts have them: pods with and without annotations, init containers and volumes. */
const CHART = [
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: bare, namespace: apps}\nspec: {template: {spec: {${CONTAINERS}}}}`,
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: full, namespace: apps}\nspec: {replicas: 2, template: {${LABELS}, spec: {${INIT}, ${CONTAINERS}, ${VOLUMES}}}}`,
  `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: empty, namespace: apps}\nspec: {template: {metadata: {annotations: {}}, spec: {${CONTAINERS}, ${VOLUMES}}}}`,
  `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: init, namespace: apps}\nspec: {template: {${LABELS}, spec: {${INIT}, ${CONTAINERS}}}}`,
  `apiVersion: apps/v1\nkind: ReplicaSet\nmetadata: {name: set, namespace: apps}\nspec: {template: {${LABELS}, spec: {${INIT}, ${CONTAINERS}}}}`,
  `apiVersion: v1\nkind: ReplicationController\nmetadata: {name: old, namespace: apps}\nspec: {template: {${LABELS}, spec: {${INIT}, ${CONTAINERS}}}}`,
  `apiVersion: batch/v1\nkind: Job\nmetadata: {name: migrate, namespace: apps, annotations: {helm.sh/hook: pre-install}}\nspec: {template: {${LABELS}, spec: {restartPolicy: Never, ${CONTAINERS}}}}`,
  `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: nightly, namespace: apps}\nspec: {schedule: "0 3 * * *", jobTemplate: {spec: {template: {metadata: {annotations: {mode: "0755"}}, spec: {${INIT}, ${CONTAINERS}}}}}}`,
  `apiVersion: v1\nkind: Pod\nmetadata: {name: test, namespace: apps, annotations: {helm.sh/hook: test}}\nspec: {${INIT}, ${CONTAINERS}}`,
].join('\n---\n');

/** What is no workload of Kubernetes, though some kinds have the same names. */
const OTHERS = [
  `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: rollout, namespace: apps}\nspec: {template: {spec: {${INIT}, ${CONTAINERS}}}}`,
  'apiVersion: batch.volcano.sh/v1alpha1\nkind: Job\nmetadata: {name: volcano, namespace: apps}\nspec: {tasks: []}',
  'apiVersion: v1\nkind: Service\nmetadata: {name: service, namespace: apps}\nspec: {ports: [{port: 80}]}',
].join('\n---\n');

/** The post-renderers that the function leaves in a HelmRelease. */
function postRenderersOf(clients: string, own?: string): readonly PostRenderer[] {
  const input = `${network(clients)}---\n${release(own)}`;
  const [found] = ofKind(manifestsOf(output(FUNCTION, ['render', '-'], { input })), 'HelmRelease');
  return (found?.spec as { readonly postRenderers?: readonly PostRenderer[] } | undefined)?.postRenderers ?? [];
}

/** One after another, as the helm-controller runs them (internal/postrender, kustomize.go and combined.go). */
function postRender(program: string, chart: string, postRenderers: readonly PostRenderer[]): Ended {
  let ended: Ended = { status: 0, stdout: chart, stderr: '' };
  for (const { kustomize } of postRenderers) {
    const kustomization = JSON.stringify({ resources: ['helm-output.yaml'], ...kustomize });
    const folder = folderOf({ 'helm-output.yaml': ended.stdout, 'kustomization.yaml': kustomization });
    ended = run(program, ['build', folder]);
    if (ended.status !== 0) return ended;
  }
  return ended;
}

/** The manifests by kind and name; the order of volumes means nothing. */
function byName(manifests: readonly Manifest[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    manifests.map((manifest) => {
      const { volumes } = podOf(manifest).spec;
      const sorted = volumes?.toSorted((a, b) => a.name.localeCompare(b.name));
      if (sorted !== undefined) Object.assign(podOf(manifest).spec, { volumes: sorted });
      return [`${manifest.kind} ${manifest.metadata.name}`, manifest];
    }),
  );
}

function podOf(manifest: Manifest): Pod {
  const { spec } = manifest as unknown as {
    spec: { template?: Pod; jobTemplate?: { spec: { template: Pod } } };
  };
  return spec.jobTemplate?.spec.template ?? spec.template ?? (manifest as unknown as Pod);
}

const RELEASES = 'workloads: [{kind: HelmRelease}]';
const isOfChart = ({ metadata: { namespace } }: Manifest) => namespace === 'apps';

describe('the pods of a chart, by the post-renderer in its HelmRelease', () => {
  for (const tool of kustomizes()) {
    describeWith([tool], (program) => {
      test.each(['', ', dns: Gateway', ', guard: Disabled', ', guard: Disabled, dns: Gateway'])(
        'are what the function itself makes of the manifests%s',
        (options) => {
          const input = `${network(`{namespaces: [apps]${options}}`)}---\n${CHART}\n`;
          const direct = manifestsOf(output(FUNCTION, ['render', '-'], { input })).filter(isOfChart);
          const { status, stdout } = postRender(
            program,
            CHART,
            postRenderersOf(`{namespaces: [apps], ${RELEASES}${options}}`),
          );

          expect(status).toBe(0);
          expect(direct).toHaveLength(9);
          expect(byName(manifestsOf(stdout))).toEqual(byName(direct));
        },
      );

      test('begin with the guard, whatever else is added', () => {
        const own = `  postRenderers:
  - kustomize:
      patches:
      - target: {kind: Deployment}
        patch: |
          {kind: Deployment, metadata: {name: any}, spec: {template: {spec: {initContainers: [{name: own, image: "own:1"}]}}}}
`;
        const renderers = postRenderersOf(`{namespaces: [apps], ${RELEASES}, preserveInbound: Enabled}`, own);
        const manifests = manifestsOf(postRender(program, CHART, renderers).stdout);
        const init = manifests.map((manifest) => podOf(manifest).spec.initContainers?.map(({ name }) => name));

        expect(renderers).toHaveLength(2);
        expect(init.map((names) => names?.slice(0, 2))).toEqual(
          manifests.map(() => ['gateway-network-guard', 'gateway-network-inbound']),
        );
        const [full] = manifests.filter(({ metadata }) => metadata.name === 'full');
        expect(
          full &&
            podOf(full)
              .spec.initContainers?.map(({ name }) => name)
              .slice(2),
        ).toEqual(['own', 'first', 'second']);
      });

      test('are all that is changed', () => {
        const { stdout } = postRender(
          program,
          OTHERS,
          postRenderersOf(`{namespaces: [apps], ${RELEASES}, dns: Gateway}`),
        );
        expect(manifestsOf(stdout)).toHaveLength(3);
        for (const manifest of manifestsOf(OTHERS)) expect(manifestsOf(stdout)).toContainEqual(manifest);
      });

      test('ask for no network of their own, or the release fails', () => {
        const pod = { metadata: { annotations: { 'k8s.v1.cni.cncf.io/networks': 'storage' } }, spec: {} };
        const chart = stringify({
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'own', namespace: 'apps' },
          spec: { template: pod },
        });
        const { status, stderr } = postRender(program, chart, postRenderersOf(`{namespaces: [apps], ${RELEASES}}`));
        expect(status).toBe(1);
        expect(stderr).toContain(
          'testing value /spec/template/metadata/annotations/k8s.v1.cni.cncf.io~1networks failed: test failed',
        );
      });
    });
  }
});
