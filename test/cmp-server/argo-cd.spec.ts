import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Files, kustomization, type Links, NETWORK, repositoryOf } from '../engines/argo-cd-application.ts';
import { parsed, type Sidecar, sidecarWith } from '../engines/cmp-server.ts';
import { describeWith } from '../engines/describe-tools.ts';
import { folderOf } from '../engines/folder.ts';
import { cmpServer, kustomizes } from '../engines/tool.ts';
import { type Answer, type Question, serve, type Server } from './server.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLE = join(ROOT, 'examples/argo-cd');
const PLUGIN = join(ROOT, 'deploy/argo-cd/plugin.yaml');
const DISCOVERY = join(ROOT, 'deploy/argo-cd/discovery/plugin.yaml');
const root = { title: 'root', ...(process.getuid?.() === 0 && { path: '/' }) };

interface Options {
  readonly isNamed?: boolean;
  readonly parameters?: unknown;
  readonly generatePaths?: string;
  readonly namespace?: string;
}

const newest = kustomizes().at(-1) ?? { title: 'kustomize' };
describeWith([cmpServer(), newest, root], (tools = '', kustomize = '') => {
  let sidecar: Sidecar & { readonly remove: () => void };
  let server: Server;
  beforeAll(async () => {
    sidecar = sidecarWith(kustomize);
    server = await serve(tools, sidecar.programs, [PLUGIN]);
  });
  afterAll(async () => {
    await server.stop();
    sidecar.remove();
  });

  const question = (ask: Question['ask'], repository: string, path: string, options: Options = {}): Question => {
    const { isNamed = true, parameters, generatePaths, namespace = 'egress' } = options;
    const plugin = { ...(isNamed && { name: 'gateway-network-fn' }), ...(parameters !== undefined && { parameters }) };
    const source = { repoURL: 'https://git.example.com/a.git', path, ...(isNamed && { plugin }) };
    const annotations =
      generatePaths === undefined ? {} : { 'argocd.argoproj.io/manifest-generate-paths': generatePaths };
    const application = {
      metadata: { name: 'vpn', annotations },
      spec: { project: 'default', source, destination: { namespace } },
    };
    return { ask, repository, application, useManifestGeneratePaths: generatePaths !== undefined };
  };
  const asked = (repository: string, path: string, options: Options = {}, of: Server = server): Answer =>
    of.ask(question('manifests', repository, path, options))[0]!;
  const objects = ({ manifests, error }: Answer): readonly unknown[] => {
    expect(error).toBeUndefined();
    return (manifests ?? []).map((manifest) => JSON.parse(manifest) as unknown);
  };

  test.each(['plain', 'production'])('examples/argo-cd/%s, named, is what is expected', (path) => {
    const expected = parsed(readFileSync(join(EXAMPLE, `.expected/${path}.yaml`), 'utf8'));
    expect(objects(asked(EXAMPLE, path))).toEqual(expected);
  });

  test('examples/argo-cd/base, named, is a network, too', () => {
    const sorted = (path: string) =>
      objects(asked(EXAMPLE, path))
        .map((object) => JSON.stringify(object))
        .toSorted();
    expect(sorted('base')).toEqual(sorted('plain'));
  });

  test('the Application of the example works as it is', () => {
    const application = parse(readFileSync(join(EXAMPLE, 'application.yaml'), 'utf8')) as unknown;
    const text = JSON.stringify(objects(server.ask({ ask: 'manifests', repository: EXAMPLE, application })[0]!));
    expect(text).toMatch(/port\W+4801/);
    expect(text).toContain('"argocd.argoproj.io/sync-wave":"-1"');
    expect(text).toContain('production-vpn');
  });

  test('applications without a name are for the other sidecar, and only those with a file of that name', async () => {
    const expected = parsed(readFileSync(join(EXAMPLE, '.expected/plain.yaml'), 'utf8'));
    expect(asked(EXAMPLE, 'plain', { isNamed: false }).sourceType).toBe('Directory');
    const both = await serve(tools, sidecar.programs, [PLUGIN, DISCOVERY]);
    const [named, unnamed] = [asked(EXAMPLE, 'plain', {}, both), asked(EXAMPLE, 'plain', { isNamed: false }, both)];
    const other = asked(
      repositoryOf({ 'app/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' }),
      'app',
      { isNamed: false },
      both,
    );
    await both.stop();
    expect(objects(named)).toEqual(expected);
    expect(objects(unnamed)).toEqual(expected);
    expect(other.sourceType).toBe('Directory');
  });

  describe('less than the repository, and links', () => {
    const overlay = 'resources: [../../base]\nnamePrefix: p-\n';
    const files = {
      'a/base/kustomization.yaml': 'resources: [n.yaml]\n',
      'a/base/n.yaml': NETWORK,
      'a/envs/production/kustomization.yaml': overlay,
    };
    const bare = { ...files, 'other/file': 'x' };

    test.each<[string, Files, Links, string, string]>([
      ['the common root of the listed paths', bare, {}, 'a/envs/production', '.;../../base'],
      [
        'the application alone',
        {
          'clusters/a/production/kustomization.yaml': 'resources: [n.yaml]\n',
          'clusters/a/production/n.yaml': NETWORK,
        },
        {},
        'clusters/a/production',
        '.',
      ],
      [
        'its parent',
        {
          'x/clusters/base/kustomization.yaml': 'resources: [n.yaml]\n',
          'x/clusters/base/n.yaml': NETWORK,
          'x/clusters/production/kustomization.yaml': 'resources: [../base]\n',
        },
        {},
        'x/clusters/production',
        '.;../base',
      ],
    ])('%s', (_, all, links, path, generatePaths) => {
      const answer = asked(repositoryOf(all, links), path, { generatePaths });
      expect(JSON.stringify(objects(answer))).toContain('NetworkAttachmentDefinition');
    });

    test.each<[string, Links, string]>([
      ['an application that is a link', { 'apps/linked': '../a/envs/production' }, 'apps/linked'],
      ['an application on the way of one', { envs: 'a/envs' }, 'envs/production'],
    ])('%s', (_, links, path) => {
      expect(JSON.stringify(objects(asked(repositoryOf(files, links), path)))).toContain('p-vpn');
    });
  });

  test('announced parameters are accepted as they are, and with other values', () => {
    const network = NETWORK.replace(', namespace: egress', '');
    const repository = repositoryOf({ 'app/n.yaml': network });
    const { parameters = [], error } = server.ask(question('parameters', repository, 'app'))[0]!;
    expect(error).toBeUndefined();
    expect(parameters.map(({ name }) => name)).toEqual([
      'vpn',
      'overrides',
      'sync-waves',
      'skip-dry-run-on-missing-resource',
    ]);
    const known = parameters.filter(({ map }) => map !== undefined).map(({ name, map }) => ({ name, map }));
    expect(objects(asked(repository, 'app', { parameters: known }))).toEqual(objects(asked(repository, 'app')));
    const changed = [{ name: 'vpn', map: { 'spec.overlay': '{vni: 4242}' } }];
    expect(JSON.stringify(objects(asked(repository, 'app', { parameters: changed })))).toMatch(/vni\W+4242/);
  });

  describe('errors are whole', () => {
    test.each<[string, Files, unknown, readonly RegExp[]]>([
      [
        'of a network',
        { 'app/n.yaml': NETWORK.replace('192.168.50.0/24', 'nowhere') },
        undefined,
        [/error: app\/n\.yaml:\d+:\d+: GatewayNetwork egress\/vpn: `spec\.subnets\[0\]`/],
      ],
      [
        'without a network',
        { 'app/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' },
        undefined,
        [/error: found no GatewayNetwork/],
      ],
      [
        'of a kustomization, all of them',
        kustomization('patches: [{path: "http://127.0.0.1:1/a"}]\ncomponents: [../../..]\n'),
        undefined,
        [/`patches\[0\]\.path` .* is remote/, /`components\[0\]` .* leads out of the repository/],
      ],
      [
        'of kustomize',
        kustomization('resources: [none.yaml]\n'),
        undefined,
        [/kustomize build failed: .*app\/none\.yaml/],
      ],
      [
        'of parameters',
        { 'app/n.yaml': NETWORK },
        [
          { name: 'egress/vpn', string: 'x' },
          { name: 'sync-waves', string: 'on' },
        ],
        [/`egress\/vpn` has `string`/, /`sync-waves` is "on"/],
      ],
    ])('%s', (_, files, parameters, messages) => {
      const { error, manifests } = asked(repositoryOf(files), 'app', { parameters });
      expect(manifests).toBeUndefined();
      for (const message of messages) expect(error).toMatch(message);
      expect(error).not.toMatch(/gateway-network-fn-copy|internal error/);
    });

    test.each([
      ['is killed', 'kill -9 $$', /kustomize was killed by SIGKILL/],
      ['leaves its output to a process that does not end', '/bin/sleep 100 &', /kustomize build took longer than 45 s/],
    ])('of a kustomize that %s', { timeout: 90_000 }, async (_, script, message) => {
      const program = join(folderOf({ kustomize: `#!/bin/sh\n${script}\n` }), 'kustomize');
      chmodSync(program, 0o755);
      const other = sidecarWith(program);
      const own = await serve(tools, other.programs, [PLUGIN]);
      const { error, milliseconds } = asked(repositoryOf(kustomization('')), 'app', {}, own);
      await own.stop();
      other.remove();
      expect(error).toMatch(message);
      expect(milliseconds).toBeLessThan(55_000);
    });
  });

  test.each([
    [
      'a hidden line end',
      '# nothing\u2028configMapGenerator: [{name: c, env: "URL"}]\n',
      /must not hold the character U\+2028/,
    ],
    ['a tag without a space', 'configMapGenerator: [{name: c, "env":!!binary BASE64}]\n', /must not have YAML tags/],
    [
      'a field in other letters',
      'configMapGenerator: [{name: c, "file\u017F": ["URL"]}]\n',
      /is not a field of kustomize/,
    ],
  ])('%s reads nothing of the loopback', async (_, text, message) => {
    const seen: string[] = [];
    const listener = createServer((request, response) => {
      seen.push(String(request.url));
      response.end('a=secret');
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/a`;
    const field = text.replace('URL', url).replace('BASE64', Buffer.from(url).toString('base64'));
    const { error } = asked(repositoryOf(kustomization(field)), 'app');
    listener.close();
    expect(error).toMatch(message);
    expect(seen).toEqual([]);
  });

  test('nothing is left when all have been answered', () => {
    expect(readdirSync(server.work)).toEqual([]);
    expect(readdirSync(server.temporary)).toEqual([]);
  });
});
