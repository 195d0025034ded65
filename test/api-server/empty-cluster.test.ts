import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NETWORK } from '../commands/command.ts';
import { folderOf } from '../engines/folder.ts';
import { kubectls } from '../engines/tool.ts';
import { describeWithApiServer } from './cluster.ts';
import { request } from './request.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Those for an engine have READMEs that need one. */
const EXAMPLES = readdirSync(join(ROOT, 'examples')).filter((name) => !/^(kustomize-|kpt-|argo-cd|flux)/.test(name));
/** Kinds of other projects, which are installed with them. */
const FOREIGN =
  /^(?:error: )?resource mapping not found for name: .* no matches for kind "(?:Rollout|LeaderWorkerSet)" in .*\nensure CRDs are installed first\n/gm;

const newest = kubectls().at(-1) ?? { title: 'kubectl' };
describeWithApiServer([newest], (cluster, kubectl = '') => {
  /** Runs a line of bash in a checkout, with the function and kubectl on PATH. */
  function shell(script: string, files: Readonly<Record<string, string>> = {}) {
    const folder = folderOf({ ...files, 'bin/empty': '' });
    symlinkSync(kubectl, join(folder, 'bin/kubectl'));
    symlinkSync(join(ROOT, 'dist/gateway-network-fn'), join(folder, 'bin/gateway-network-fn'));
    symlinkSync(join(ROOT, 'examples'), join(folder, 'examples'));
    const env = { PATH: `${folder}/bin:/usr/bin:/bin`, KUBECONFIG: cluster().kubeconfig, HOME: folder };
    const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-ec', script], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  /** Takes away what a stream has made, with its namespaces. No controller does it here. */
  async function remove(manifests: string): Promise<void> {
    shell('kubectl delete --ignore-not-found --force --wait=false -f manifests.yaml', { 'manifests.yaml': manifests });
    for (const [, name] of manifests.matchAll(/^kind: Namespace\nmetadata:\n  name: (.*)$/gm)) {
      shell(`kubectl -n ${name} delete deployments --all --force --wait=false`);
      const text = JSON.stringify({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name },
        spec: { finalizers: [] },
      });
      const path = `/api/v1/namespaces/${name}/finalize`;
      expect((await request(cluster(), 'PUT', path, { type: 'application/json', text })).status).toBe(200);
    }
  }

  test.each(EXAMPLES)('the README of examples/%s, followed to the letter in an empty cluster', async (name) => {
    const readme = readFileSync(join(ROOT, 'examples', name, 'README.md'), 'utf8');
    const block = /```sh\n([^]*?)```/.exec(readme)?.[1] ?? '';
    const script = block.includes('kubectl apply -f -') ? block : `${block.trim()} | kubectl apply -f -`;
    const { status, stderr } = shell(script, { 'provider.conf': '[Interface]\n' });
    const said = stderr.replaceAll(/^warning: .*\n/gm, '');
    expect(said.replaceAll(FOREIGN, '')).toBe('');
    expect(status).toBe(said === '' ? 0 : 1);
    await remove(readFileSync(join(ROOT, 'examples', name, '.expected/rendered.yaml'), 'utf8'));
  });

  test('namespaces, kinds and what pods need come first, whatever the files are called', async () => {
    const files = {
      'in/a.yaml': POD + SERVICE_ACCOUNT,
      'in/b.yaml': WEBHOOK,
      'in/c.yaml': CRD,
      'in/d.yaml': NAMESPACE,
      'in/e.yaml': NETWORK,
    };
    const { status, stdout, stderr } = shell('gateway-network-fn render in | kubectl apply -f -', files);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const made = stdout.trim().split('\n');
    expect(made.slice(0, 3)).toEqual([
      'namespace/egress created',
      'customresourcedefinition.apiextensions.k8s.io/things.example.com created',
      'serviceaccount/own created',
    ]);
    expect(made.slice(-2)).toEqual([
      'pod/own created',
      'validatingwebhookconfiguration.admissionregistration.k8s.io/guard created',
    ]);
    await remove(shell('gateway-network-fn render in', files).stdout);
  });

  test('an object beside its own kind takes a second apply', async () => {
    const thing = 'apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: one, namespace: egress}\n';
    const files = { 'in/a.yaml': thing, 'in/b.yaml': CRD, 'in/c.yaml': NAMESPACE, 'in/d.yaml': NETWORK };
    const apply = 'gateway-network-fn render in | kubectl apply -f -';
    const first = shell(apply, files);
    expect(first).toMatchObject({ status: 1, stderr: expect.stringContaining('ensure CRDs are installed first') });
    expect(first.stdout.trim().split('\n').length).toBe(11);
    const settled = `kubectl wait --for condition=established crd/things.example.com && ${apply}`;
    expect(shell(settled, files)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('thing.example.com/one created'),
    });
    await remove(shell('gateway-network-fn render in', files).stdout);
  });
});

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: egress\n';
const SERVICE_ACCOUNT = '---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: own, namespace: egress}\n';
const POD = `apiVersion: v1
kind: Pod
metadata: {name: own, namespace: egress}
spec:
  serviceAccountName: own
  containers: [{name: a, image: a}]
`;
const WEBHOOK = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: guard}
webhooks:
  - name: guard.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    clientConfig: {service: {name: guard, namespace: egress}}
    rules: [{apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: [configmaps, pods, services]}]
`;
const CRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.example.com}
spec:
  group: example.com
  names: {kind: Thing, plural: things}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`;
