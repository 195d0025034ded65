import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Files, kustomization, BASE, type Links, refusalOf, repositoryOf } from './argo-cd-application.ts';
import { type Sidecar, sidecarWith } from './cmp-server.ts';
import { describeWith } from './describe-tools.ts';
import { command, kustomizes } from './tool.ts';

const newest = kustomizes().at(-1) ?? { title: 'kustomize' };
describeWith([{ ...newest, title: `${newest.title} and the plugin` }, command('time')], (kustomize, time = '') => {
  let sidecar: Sidecar & { readonly remove: () => void };
  beforeAll(() => {
    sidecar = sidecarWith(kustomize);
  });
  afterAll(() => sidecar.remove());

  const refusal = (files: Files, links?: Links) => refusalOf(sidecar, time, files, links);

  test('what it would refuse elsewhere, it builds', () => {
    const files = {
      ...kustomization('components: [../shared]\n'),
      'shared/kustomization.yaml': 'kind: Component\nresources: [a.yaml]\n',
      'shared/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
    };
    const links = { 'app/linked.yaml': 'gateway-network.yaml' };
    const { status, stderr } = sidecar.generate({ repository: repositoryOf(files, links), path: 'app' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  describe('programs of the repository', () => {
    const marker = '/tmp/gateway-network-fn-was-run';
    const program = `#!/bin/sh\ntouch ${marker}\ncat\n`;
    const declared = (how: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: fn\n  annotations:\n    config.kubernetes.io/function: |\n      ${how}\n`;

    test.each([
      ['an exec function', 'transformers: [fn.yaml]\n', declared('exec: {path: ./fn.sh}')],
      ['a container', 'transformers: [fn.yaml]\n', declared('container: {image: a}')],
      ['a generator', 'generators: [fn.yaml]\n', declared('exec: {path: ./fn.sh}')],
      ['a validator, in another case', 'Validators: [fn.yaml]\n', declared('exec: {path: ./fn.sh}')],
      [
        'an inline function',
        `transformers:\n- |\n  ${declared('exec: {path: ./fn.sh}').replaceAll('\n', '\n  ')}\n`,
        '',
      ],
    ])('%s', (_, field, text) => {
      const files = { ...kustomization(field), 'app/fn.yaml': text, 'app/fn.sh': program };
      expect(refusal(files)).toMatch(
        /^error: app\/(fn|kustomization)\.yaml: .* is a function, and functions do not run here/,
      );
      expect(existsSync(marker)).toBe(false);
    });

    test.each([
      [
        'a legacy plugin',
        'generators: [fn.yaml]\n',
        'apiVersion: someteam.example.com/v1\nkind: Fn\nmetadata: {name: a}\n',
        /external plugins disabled/,
      ],
      ['Helm', 'helmCharts: [{name: a, repo: ./charts}]\n', '', /must specify --enable-helm/],
    ])('%s', (_, field, text, message) => {
      const files = { ...kustomization(field), 'app/fn.yaml': text };
      expect(refusal(files)).toMatch(message);
    });
  });

  describe('what lies outside of the repository', () => {
    test.each([
      ['a base above it', 'bases: [../..]\n', {}, /leads out of the repository/],
      ['an absolute base', 'resources: [/etc]\n', {}, /leads out of the repository/],
      ['a link to a base', 'components: [etc]\n', { 'app/etc': '/etc' }, /app\/etc leads out of the repository/],
      [
        'a file above it',
        'patches: [{path: ../../../../../../etc/passwd}]\n',
        {},
        /security; file '\/etc\/passwd' is not in or below/,
      ],
      [
        'a linked file',
        'configMapGenerator: [{name: a, files: [secret]}]\n',
        { 'app/secret': '/etc/passwd' },
        /app\/secret leads out of the repository/,
      ],
      [
        'a linked file by a key',
        'configMapGenerator: [{name: a, files: [k=secret]}]\n',
        { 'app/secret': '/etc/passwd' },
        /app\/secret leads out of the repository/,
      ],
    ])('%s, in a kustomization', (_, field, links, message) => {
      const said = refusal(kustomization(field), links);
      expect(said).toMatch(message);
      expect(said).not.toContain('root:');
    });

    test.each([
      ['a linked manifest', { 'app/passwd.yaml': '/etc/passwd' }, /app\/passwd\.yaml leads out of the repository/],
      [
        'a linked manifest by way of ..',
        { 'app/passwd.yaml': '../../../../../../../etc/passwd' },
        /leads out of the repository/,
      ],
      ['a linked folder', { 'app/etc': '/etc' }, /app\/etc leads out of the repository/],
      ['a linked kustomization', { 'app/kustomization.yaml': '/etc/passwd' }, /app\/kustomization\.yaml leads out/],
      ['a link to itself', { 'app/loop.yaml': 'loop.yaml' }, /app\/loop\.yaml is a symbolic link to itself/],
      ['a link to nothing', { 'app/none.yaml': 'nothing.yaml' }, /app\/none\.yaml is a symbolic link without a target/],
      ['a link to the folder itself', { 'app/again': '.' }, /app\/again is a symbolic link to a directory/],
      ['a device', { 'app/zero.yaml': '/dev/zero' }, /leads out of the repository/],
    ])('%s', (_, links, message) => {
      expect(refusal(BASE, links)).toMatch(message);
    });
  });

  describe('what would have to be fetched', () => {
    const where = 'https://127.0.0.1:PORT/a';
    test.each([
      ['a file', `resources: ["${where}"]\n`],
      ['a base by git', 'resources: ["git::file:///srv/base?ref=main"]\n'],
      ['a base of a host', 'bases: [github.com/kubernetes-sigs/kustomize/examples/helloWorld]\n'],
      ['a base by ssh', 'components: ["git@example.com:a/b"]\n'],
      ['a base of Azure', 'components: ["x/_git/y"]\n'],
      ['an image of manifests', 'components: ["oci://example.com/a"]\n'],
      ['a patch', `patches: [{path: "${where}"}]\n`],
      ['a patch, in another case', `PATCHES: [{PATH: "HTTPS${where.slice(5)}"}]\n`],
      ['a generated file', `configMapGenerator: [{name: a, files: ["k=${where}"]}]\n`],
      [
        'a file of an inline transformer',
        `transformers:\n- |\n  apiVersion: builtin\n  kind: PatchTransformer\n  metadata: {name: a}\n  path: ${where}\n`,
      ],
      ['an address in a binary tag', `patches: [{path: !!binary ${Buffer.from(where).toString('base64')}}]\n`],
      ['an address in a merge', `patches: [{<<: {path: "${where}"}}]\n`],
      ['a schema', `openapi: {path: "${where}"}\n`],
    ])('%s', async (_, field) => {
      const asked: string[] = [];
      const server = createServer((request) => void asked.push(String(request.url))).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' ? String(address?.port) : '';
      server.on('connection', () => void asked.push('connection'));
      const text = field.replaceAll('PORT', port);
      expect(refusal(kustomization(text))).toMatch(
        /^error: app\/kustomization\.yaml: .*(is remote, and must be|must not have YAML tags)/,
      );
      server.close();
      expect(asked).toEqual([]);
    });

    test('an address in an annotation or a literal is none', () => {
      const field = `commonAnnotations: {docs: "https://example.com"}\nconfigMapGenerator: [{name: a, literals: ["a=https://example.com"]}]\n`;
      const { status, stderr } = sidecar.generate({ repository: repositoryOf(kustomization(field)), path: 'app' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    });
  });
});
