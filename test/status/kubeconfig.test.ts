import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { connect } from '../../fn/cluster/connect.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gwn-kubeconfig-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void vi.unstubAllEnvs());

/** A kubeconfig with a cluster, a user and a context of one name, which is the current one unless another is given. */
function config(name: string, server: string, current: string | undefined = name): string {
  return JSON.stringify({
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: { token: `of ${name} at ${server}` } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    ...(current !== '' && { 'current-context': current }),
  });
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const refusalOf = async (kubeconfig: string | undefined, context?: string) =>
  connect({ ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) }).then(
    () => 'none',
    (error: Error) => error.message,
  );

test('of several kubeconfigs the first says what is current, as for kubectl', async () => {
  const first = file('first', config('a', 'https://a:1'));
  const second = file('second', config('b', 'https://b:1'));
  vi.stubEnv('KUBECONFIG', [first, second].join(delimiter));
  expect((await connect({})).server).toBe('https://a:1');
  expect((await connect({ context: 'b' })).server).toBe('https://b:1');
});

test('the current context is of the first that has one', async () => {
  const first = file('without', config('a', 'https://a:1', ''));
  const second = file('with', config('b', 'https://b:1'));
  vi.stubEnv('KUBECONFIG', [first, second].join(delimiter));
  expect((await connect({})).server).toBe('https://b:1');
});

test('of what has the same name the first counts', async () => {
  const first = file('one', config('a', 'https://one:1'));
  const second = file('two', config('a', 'https://two:1'));
  vi.stubEnv('KUBECONFIG', [first, second].join(delimiter));
  const { server, options } = await connect({});
  expect([server, options.headers]).toEqual(['https://one:1', { Authorization: 'Bearer of a at https://one:1' }]);
});

test('files that are not there, or are empty, are passed over', async () => {
  const there = file('there', config('a', 'https://a:1'));
  vi.stubEnv('KUBECONFIG', ['/nowhere', file('empty', ''), file('blank', '\n'), '', there].join(delimiter));
  expect((await connect({})).server).toBe('https://a:1');
});

test('one of several that cannot be read is named alone', async () => {
  vi.stubEnv('KUBECONFIG', [file('good', config('a', 'https://a:1')), file('bad', '[')].join(delimiter));
  expect(await refusalOf(undefined)).toMatch(`the kubeconfig ${join(folder, 'bad')} cannot be read: `);
});

test('where none of them is there, they are named', async () => {
  vi.stubEnv('KUBECONFIG', ['/nowhere', '/elsewhere'].join(delimiter));
  expect(await refusalOf(undefined)).toBe(
    "there is no kubeconfig: what $KUBECONFIG names is not there, or empty: '/nowhere:/elsewhere'; name one with --kubeconfig",
  );
});

test('nothing at all is no kubeconfig', async () => {
  vi.stubEnv('KUBECONFIG', '');
  vi.stubEnv('HOME', '/nowhere');
  expect(await refusalOf(undefined)).toMatch(/^there is no kubeconfig: /);
  expect(await refusalOf('')).toMatch(/^the kubeconfig '' cannot be read: /);
});

test.each([
  [
    'no current context',
    config('a', 'https://a:1', ''),
    'the kubeconfig has no current context: name one with --context; its contexts are a',
  ],
  [
    'another',
    config('a', 'https://a:1', 'b'),
    "the kubeconfig has no context 'b', its current one: name another with --context; its contexts are a",
  ],
  ['no context at all', '{}', 'the kubeconfig has no current context: name one with --context; it has none'],
  [
    'no such cluster',
    config('a', 'https://a:1').replace('"cluster":"a"', '"cluster":"b"'),
    "the kubeconfig has no cluster 'b', which its context 'a' names: name another with --context; its contexts are a",
  ],
  [
    'no such user',
    config('a', 'https://a:1').replace('"user":"a"', '"user":"b"'),
    "the kubeconfig has no user 'b', which its context 'a' names: name another with --context; its contexts are a",
  ],
  ...['a:1', 'a', 'ftp://a:1', 'https://a b:1'].map((server) => [
    server,
    config('a', server),
    `the server '${server}' of the cluster 'a' in the kubeconfig is no address: it must be https://HOST:PORT`,
  ]),
])('%s is refused', async (_, text, message) => {
  expect(await refusalOf(file('refused', text))).toBe(message);
});

test('a token may be in a file, whose path is from the kubeconfig', async () => {
  file('token', 'in a file\n');
  const text = config('a', 'https://a:1');
  const named = text.replace(/"token":"[^"]*"/, '"tokenFile":"token"');
  const { options } = await connect({ kubeconfig: file('named', named) });
  expect(options.headers).toEqual({ Authorization: 'Bearer in a file' });
  expect(await refusalOf(file('missing', named.replace('"tokenFile":"token"', '"tokenFile":"nowhere"')))).toMatch(
    /^the credentials of the kubeconfig cannot be used: ENOENT: /,
  );
});

test('without another, the kubeconfig is that of the home folder', async () => {
  mkdirSync(join(folder, '.kube'));
  file('.kube/config', config('a', 'https://home:1'));
  vi.stubEnv('KUBECONFIG', '');
  vi.stubEnv('HOME', folder);
  expect((await connect({})).server).toBe('https://home:1');
});

test('a server without TLS is asked only where the kubeconfig says so', async () => {
  const text = config('a', 'http://a:1');
  expect(await refusalOf(file('plain', text))).toMatch(
    /^the server 'http:\/\/a:1' of the cluster 'a' in the kubeconfig is not asked without TLS, .*insecure-skip-tls-verify: true/,
  );
  expect(await refusalOf(file('wanted', text.replace('}}]', ',"insecure-skip-tls-verify":true}}]')))).toBe('none');
});
