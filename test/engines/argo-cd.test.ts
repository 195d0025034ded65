import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kustomizationOf } from '../../fn/files/directory-files.ts';
import { expectGolden } from '../golden/golden.ts';
import { CLIENT, NETWORK, REPOSITORY } from './argo-cd-repository.ts';
import { type Application, DISCOVERY, isUsed, parsed, PLUGIN, type Sidecar, sidecarWith } from './cmp-server.ts';
import { describeWith } from './describe-tools.ts';
import { type Manifest, ofKind } from './documents.ts';
import { folderOf } from './folder.ts';
import { kustomizes } from './tool.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/argo-cd');

const newest = kustomizes().at(-1) ?? { title: 'kustomize' };
describeWith([newest], (kustomize) => {
  let sidecar: Sidecar & { readonly remove: () => void };
  beforeAll(() => {
    sidecar = sidecarWith(kustomize);
  });
  afterAll(() => sidecar.remove());

  const generated = (application: Application): readonly Manifest[] => {
    const { status, stdout, stderr } = sidecar.generate(application);
    expect(stderr).not.toMatch(/^error/m);
    expect(status).toBe(0);
    return parsed(stdout);
  };
  const app = (files: Readonly<Record<string, string>>, env: Application['env'] = {}): Application => ({
    repository: folderOf(files),
    path: 'app',
    env: { ARGOCD_APP_NAMESPACE: 'apps', ...env },
  });

  test.each(['plain', 'production'])('examples/argo-cd/%s becomes plain manifests', (path) => {
    const { stdout, status } = sidecar.generate({ repository: EXAMPLE, path, env: {} });
    expect(status).toBe(0);
    expectGolden(stdout, join(EXAMPLE, `.expected/${path}.yaml`));
    const manifests = parsed(stdout);
    expect(ofKind(manifests, 'GatewayNetwork')).toEqual([]);
    expect(
      manifests.map(({ metadata }) => metadata.annotations ?? {}).flatMap((all) => Object.keys(all)),
    ).not.toContainEqual(expect.stringMatching(/^(internal\.config|config|kustomize\.config)\.k/));
  });

  test('what `render -o` wrote beside its sources is not read', () => {
    const written = 'apiVersion: v1\nkind: Service\nmetadata: {name: vpn-peers}\n';
    const names = (files: Readonly<Record<string, string>>) =>
      generated(app(files)).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(
      names({
        ...REPOSITORY,
        'app/rendered/kustomization.yaml': kustomizationOf(['apps/service_vpn-peers.yaml']),
        'app/rendered/apps/service_vpn-peers.yaml': written,
        'app/rendered/apps/mine.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}\n',
      }),
    ).toEqual(
      names({
        ...REPOSITORY,
        'app/rendered/apps/mine.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}\n',
      }),
    );
  });

  test('objects that are local configuration, and files that are not for the cluster, stay out', () => {
    const manifests = generated(
      app({
        ...REPOSITORY,
        'app/local.yaml':
          'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: local, annotations: {config.kubernetes.io/local-config: "true"}}\n',
        'app/skipped.yaml':
          '# +argocd:skip-file-rendering\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: skipped}\n',
        'app/values.yaml': 'replicas: 2\n',
        'app/.hidden.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hidden}\n',
      }),
    );
    expect(manifests.length).toBeGreaterThan(5);
    expect(manifests.map(({ metadata }) => metadata.name)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/local|skipped|hidden/)]),
    );
  });

  describe('the namespace of the Application', () => {
    test('is that of networks and clients without one', () => {
      const manifests = generated(app(REPOSITORY));
      const rendered = manifests.filter(({ metadata }) => metadata.labels?.['gatewaynetwork.dev/network'] === 'vpn');
      expect(new Set(rendered.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['apps']));
      expect(ofKind(manifests, 'Pod')).toMatchObject([
        { metadata: { annotations: { 'k8s.v1.cni.cncf.io/networks': 'vpn' } } },
      ]);
    });

    test('is not that of a network with one of its own', () => {
      const network = NETWORK.replace('{name: vpn}', '{name: vpn, namespace: egress}');
      const manifests = generated(app({ ...REPOSITORY, 'app/gateway-network.yaml': network }));
      expect(ofKind(manifests, 'DaemonSet')).toMatchObject([{ metadata: { namespace: 'egress' } }]);
      expect(ofKind(manifests, 'Pod')).toMatchObject([
        { metadata: { annotations: { 'k8s.v1.cni.cncf.io/networks': 'egress/vpn' } } },
      ]);
    });

    test('leaves the texts of what is not ours', () => {
      expect(sidecar.generate(app(REPOSITORY)).stdout).toContain(
        'labels: {egress: vpn}, annotations: {k8s.v1.cni.cncf.io/networks: vpn',
      );
    });
  });

  describe('the kinds that the cluster serves', () => {
    const served = (versions: string) =>
      sidecar.generate(app(REPOSITORY, { KUBE_VERSION: '1.33', KUBE_API_VERSIONS: versions }));

    test('a missing one is a warning, and not on standard output', () => {
      const { status, stdout, stderr } = served('v1,apps/v1,apps/v1/Deployment');
      expect(status).toBe(0);
      expect(stderr).toMatch(
        /^warning: the cluster \(Kubernetes 1\.33\) does not serve k8s\.cni\.cncf\.io\/v1 NetworkAttachmentDefinition/,
      );
      expect(parsed(stdout)).toEqual(generated(app(REPOSITORY)));
    });

    test.each(['v1,k8s.cni.cncf.io/v1', 'v1,k8s.cni.cncf.io/v1/NetworkAttachmentDefinition', ''])(
      'none for %j',
      (versions) => {
        expect(served(versions).stderr).toBe('');
      },
    );
  });

  describe('nothing is printed, and the command fails,', () => {
    const failure = (files: Readonly<Record<string, string>>) => {
      const { status, stdout, stderr } = sidecar.generate(app(files));
      expect({ failed: status !== 0, stdout }).toEqual({ failed: true, stdout: '' });
      return stderr;
    };

    test.each([
      ['without a network', { 'app/pod.yaml': CLIENT }, /^error: found no GatewayNetwork/],
      ['without a file', { 'app/notes.txt': '' }, /^error: found no GatewayNetwork/],
      [
        'with an error in a network',
        { 'app/a.yaml': NETWORK.replace('1000', '0') },
        /^error: app\/a\.yaml:\d+:\d+: GatewayNetwork apps\/vpn: `spec\.overlay\.vni`/,
      ],
      [
        'with a document that is no object',
        { ...REPOSITORY, 'app/b.yaml': `${CLIENT}---\nspec: {}\n` },
        /^error: app\/b\.yaml: line \d+: must have an `apiVersion`/,
      ],
      [
        'with an object behind a hidden line end',
        { ...REPOSITORY, 'app/b.yaml': '# apiVersion, kind\u2028kind: Pod\u2028apiVersion: v1\n' },
        /^error: app\/b\.yaml must not hold the character U\+2028/,
      ],
      [
        'when kustomize fails',
        { 'app/kustomization.yaml': 'resources: [none.yaml]\n' },
        /^error: kustomize build failed: .*none\.yaml/,
      ],
      [
        'when kustomize prints nothing',
        { 'app/kustomization.yaml': '{}\n' },
        /^error: (kustomize build failed|found no GatewayNetwork)/,
      ],
      [
        'when kustomize keeps the network to itself',
        {
          'app/kustomization.yaml': 'resources: [network.yaml, pod.yaml]\n',
          'app/network.yaml': NETWORK.replace(
            '{name: vpn}',
            '{name: vpn, annotations: {config.kubernetes.io/local-config: "true"}}',
          ),
          'app/pod.yaml': CLIENT,
        },
        /^error: found no GatewayNetwork .*local-config: "true"/,
      ],
    ])('%s', (_, files, message) => {
      expect(failure(files as Readonly<Record<string, string>>)).toMatch(message);
    });

    test('with an edited list of what `render -o` wrote', () => {
      const text = `${kustomizationOf([])}patches: []\n`;
      expect(failure({ ...REPOSITORY, 'app/rendered/kustomization.yaml': text })).toContain(
        'error: app/rendered/kustomization.yaml was written by `render -o`, and was edited: it has `patches`',
      );
    });

    test.each(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])(
      'with a %s below that nothing lists',
      (name) => {
        const said = failure({ ...REPOSITORY, [`app/base/${name}`]: 'resources: []\n' });
        expect(said).toContain(`error: app/base/${name}: kustomizations are not built here`);
      },
    );
  });

  test('what is not YAML is left to Argo CD, which refuses it, and the warning says where it is', () => {
    const broken = 'apiVersion: v1\nkind: [\n';
    const { status, stdout, stderr } = sidecar.generate(app({ ...REPOSITORY, 'app/b.yaml': broken }));
    expect(status).toBe(0);
    expect(stdout).toContain(broken);
    expect(stderr).toMatch(/^warning: app\/b\.yaml: line 3, column 1: .*kubectl will reject it/m);
  });

  test('a kustomization without a kustomize says where there is one', () => {
    const bare = sidecarWith(undefined);
    const { status, stderr } = bare.generate({ repository: EXAMPLE, path: 'production' });
    bare.remove();
    expect(status).toBeGreaterThan(0);
    expect(stderr).toMatch(/^error: kustomize is not on the PATH.*gateway-network-argocd/);
  });

  test.each(['base', 'plain', 'production'])('an application %s that names the plugin is its own', (path) => {
    expect(isUsed(PLUGIN, { repository: EXAMPLE, path }, true)).toBe(true);
    expect(isUsed(PLUGIN, { repository: EXAMPLE, path }, false)).toBe(false);
    expect(PLUGIN).toMatchObject({ kind: 'ConfigManagementPlugin', metadata: { name: 'gateway-network-fn' } });
  });

  test('applications that do not name it are those of the other sidecar by the name of a file', () => {
    expect(isUsed(DISCOVERY, { repository: EXAMPLE, path: 'plain' }, false)).toBe(true);
    expect(isUsed(DISCOVERY, { repository: EXAMPLE, path: 'production' }, false)).toBe(false);
    const { discover, ...rest } = DISCOVERY.spec;
    expect({ discover, rest }).toEqual({ discover: { fileName: 'gateway-network*.yaml' }, rest: PLUGIN.spec });
    expect(DISCOVERY.metadata.name).not.toBe(PLUGIN.metadata.name);
  });
});
