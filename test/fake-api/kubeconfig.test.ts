import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connect } from '../../fn/cluster/connect.ts';
import { folderOf } from '../engines/folder.ts';

const kubeconfig = (name: string, server = `https://${name}:6443`) =>
  JSON.stringify({
    clusters: [
      { name, cluster: { server } },
      { name: 'shared', cluster: { server } },
    ],
    users: [{ name, user: { token: name } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });

describe('a kubeconfig that is none is told:', () => {
  const reasonOf = async (text: string, context?: string) => {
    const path = join(folderOf({ config: text }), 'config');
    try {
      const { server } = await connect({ kubeconfig: path, ...(context !== undefined && { context }) });
      return `connected to ${server}`;
    } catch (error) {
      return error instanceof Error ? error.message.replace(path, 'PATH') : error;
    }
  };

  test.each([
    ['null', 'the kubeconfig PATH cannot be read: it is no kubeconfig; name another with --kubeconfig'],
    ['- a', 'the kubeconfig has no current context: name one with --context; it has none'],
    ['', /^the kubeconfig PATH cannot be read: expected a document/],
    [
      '{"clusters": [{"name": "a"}]}',
      'the kubeconfig PATH cannot be read: clusters[0].cluster is missing; name another with --kubeconfig',
    ],
    [
      '{"clusters": [{"name": "a", "cluster": {"server": 5}}]}',
      'the kubeconfig PATH cannot be read: it is no kubeconfig; name another with --kubeconfig',
    ],
    ['{"contexts": null, "clusters": null, "users": null}', /^the kubeconfig has no current context/],
    ['a: [', /^the kubeconfig PATH cannot be read: /],
  ])('%s', async (text, reason) => {
    expect(await reasonOf(text)).toMatch(reason);
  });

  test('a context that it does not have', async () => {
    expect(await reasonOf(kubeconfig('a'), 'b')).toBe("the kubeconfig has no context 'b'; its contexts are a");
  });

  const withUser = (user: object) =>
    JSON.stringify({ ...(JSON.parse(kubeconfig('a')) as object), users: [{ name: 'a', user }] });
  const exec = (...args: readonly string[]) => ({
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args },
  });

  test.each([
    ['a program that is not there', { exec: { ...exec().exec, command: '/nowhere/login' } }, /ENOENT/],
    [
      'a program that fails',
      exec('-e', 'console.error("log in first\\nplease"); process.exit(1)'),
      /log in first please/,
    ],
    ['a program that answers nothing', exec('-e', ''), /cannot be used: \S/],
    ['a program that answers without a status', exec('-e', 'console.log("{}")'), /cannot be used: \S/],
    ['a certificate that is not there', { 'client-certificate': '/nowhere/cert' }, /ENOENT/],
  ])('%s', async (_, user, reason) => {
    expect(await reasonOf(withUser(user))).toMatch(/^the credentials of the kubeconfig cannot be used: [^\n]+$/);
    expect(await reasonOf(withUser(user))).toMatch(reason);
  });

  test('a program that answers', async () => {
    const answer = JSON.stringify({ status: { token: 'b' } });
    expect(await reasonOf(withUser(exec('-e', `console.log(${JSON.stringify(answer)})`)))).toBe(
      'connected to https://a:6443',
    );
  });
});

test('a context without a user asks as nobody, with what its cluster says of certificates', async () => {
  const cluster = { server: 'https://a:6443', 'insecure-skip-tls-verify': true, 'tls-server-name': 'b' };
  const text = JSON.stringify({
    clusters: [{ name: 'a', cluster }],
    contexts: [{ name: 'a', context: { cluster: 'a' } }],
    'current-context': 'a',
  });
  const { options } = await connect({ kubeconfig: join(folderOf({ config: text }), 'config') });
  expect(options).toMatchObject({ rejectUnauthorized: false, servername: 'b' });
  expect(options.headers ?? {}).toEqual({});
});
