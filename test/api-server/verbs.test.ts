import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { NetworkChange } from '../../fn/changes/network-change.ts';
import { command, ROOT } from '../commands/command.ts';
import { documentsOf } from '../engines/documents.ts';
import { CHANGED_FIELDS } from '../render/changed-fields.ts';
import { CLIENT } from '../render/client.ts';
import { applied, type ClusterObject, remove } from './apply.ts';
import { describeWithApiServer } from './cluster.ts';
import { EXAMPLES_RENDERED } from './examples.ts';
import { request } from './request.ts';
import { send, standInFor } from './stand-in-pods.ts';

const folder = mkdtempSync(join(tmpdir(), 'gwn-diff-'));
afterAll(() => rmSync(folder, { recursive: true }));

const NAMESPACES = ['egress', 'apps'].map((name) => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`);

function source(fields: object): string {
  const spec = { subnets: ['192.168.50.0/24'], overlay: { vni: 1000 }, clients: [{ names: ['client'] }], ...fields };
  const network = { apiVersion: 'gatewaynetwork.dev/v1alpha1', kind: 'GatewayNetwork', spec };
  return `${stringify({ ...network, metadata: { name: 'vpn', namespace: 'egress' } })}---\n${CLIENT}`;
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describeWithApiServer([], (cluster) => {
  /** Exit status and the change of the only network. */
  function diff(args: readonly string[]) {
    const kubeconfig = args.length === 1 ? ['--kubeconfig', cluster().kubeconfig] : [];
    const { status, stdout, stderr } = command(['diff', '-o', 'json', ...args, ...kubeconfig]);
    expect(stderr).toBe('');
    const [change] = (JSON.parse(stdout) as { readonly networks: readonly NetworkChange[] }).networks;
    return { status, change };
  }

  async function withApplied(documents: readonly string[], act: () => void): Promise<void> {
    for (const document of documents) await applied(cluster(), `${document}\n`);
    try {
      act();
    } finally {
      // Namespaces stay: only a controller could empty them.
      const objects = documents.map((document) => parse(document) as ClusterObject);
      for (const object of objects) if (object.kind !== 'Namespace') await remove(cluster(), object);
    }
  }

  const inputs = EXAMPLES_RENDERED.filter(([name]) => !/argo|flux|kpt|kustom/.test(name));
  test.each(inputs)(
    'examples/%s: what was applied does not differ, and what was not is created',
    async (name, texts) => {
      const path = join(ROOT, 'examples', name);
      expect(diff([path])).toMatchObject({ status: 1, change: { change: 'created' } });
      await withApplied(texts, () => expect(diff([path])).toMatchObject({ status: 0, change: { change: 'none' } }));
    },
  );

  test('a change of each field does to what runs what it does to what was rendered', async () => {
    const plain = CHANGED_FIELDS.filter(({ before }) => Object.keys(before).length === 0);
    expect(plain.length).toBeGreaterThan(30);
    const old = file('old.yaml', source({}));
    const documents = [...NAMESPACES, ...documentsOf(command(['render', old]).stdout)];
    await withApplied(documents, () => {
      for (const { field, after } of plain) {
        const wanted = file('new.yaml', source(after));
        const [running, written] = [diff([wanted]), diff([old, wanted])];
        const { change, agents, routers, createdRouters, removedRouters, clients, objects } = written.change ?? {};
        const effects = { change, agents, routers, createdRouters, removedRouters, clients };
        expect([field, running.change]).toMatchObject([field, { ...effects, objects: { created: objects?.created } }]);
      }
    });
  }, 180_000);

  // Last, since what it applies stays.
  test('the way of a packet of a pod is explained from the objects of the cluster', async () => {
    const network = await standInFor(cluster());
    await network.makeClients(0, 1);
    await network.makeUnattached('open');
    const explain = (pod: string) => command(['explain', pod, '203.0.113.5', '--kubeconfig', cluster().kubeconfig]);
    const client = explain('apps/client-0');
    const fromFiles = command(['explain', 'examples/multi-node', '203.0.113.5']).stdout;
    expect(client).toMatchObject({
      status: 0,
      stdout: fromFiles.replace('Deployment apps/client', 'Pod apps/client-0'),
      stderr: '',
    });
    expect(explain('apps/open').stdout).toMatch(/: leaves by the primary network: the pod is not on egress\/vpn\. /);
    expect(explain('apps/none')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /^error: there is no file 'apps\/none', and the cluster at \S+ has no pod apps\/none\n$/,
      ),
    });
  });

  test('a picture of the cluster has what runs', () => {
    const { status, stdout, stderr } = command(['picture', '-o', 'mermaid', '--kubeconfig', cluster().kubeconfig]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('1 pod in apps');
    expect(stdout).toMatch(/vpn-router-0 on node1 \((?:active|ready)\)/);
  });

  test('what is planted in the cluster is not in an archive of it', async () => {
    const annotations = { 'vault.example.com/token': 'PLANTED' };
    const env = [{ name: 'router', env: [{ name: 'KEY', value: 'PLANTED' }], args: ['PLANTED'] }];
    const paths = '/api/v1/namespaces/egress';
    await send(cluster(), 'POST', `${paths}/secrets`, { metadata: { name: 'tunnel' }, stringData: { key: 'PLANTED' } });
    await send(cluster(), 'PATCH', `${paths}/pods/vpn-router-0-node1`, { metadata: { annotations } });
    const deployment = '/apis/apps/v1/namespaces/egress/deployments/vpn-router-0';
    const type = 'application/strategic-merge-patch+json';
    const template = { metadata: { annotations }, spec: { containers: env } };
    const text = JSON.stringify({ metadata: { annotations }, spec: { template } });
    expect((await request(cluster(), 'PATCH', deployment, { type, text })).status).toBe(200);

    const archive = join(folder, 'a.tar.gz');
    const gather = () => command(['gather', 'vpn', '-f', archive, '--kubeconfig', cluster().kubeconfig]);
    expect(gather()).toMatchObject({ status: 0, stdout: expect.stringContaining('egress.vpn/status.txt'), stderr: '' });
    expect(gather()).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/a\.tar\.gz cannot be written: it is there/),
    });
    const { stdout } = spawnSync('tar', ['xOzf', archive], { encoding: 'utf8' });
    expect(stdout).toContain('egress/vpn: ');
    expect(stdout).toContain('table inet gateway {');
    expect(stdout).not.toContain('PLANTED');
  });
});
