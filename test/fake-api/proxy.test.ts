import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connect } from '../../fn/cluster/connect.ts';
import { proxyFor } from '../../fn/cluster/proxy.ts';
import { get } from '../../fn/cluster/request.ts';
import { kubeconfigFor } from './fake-api.ts';

const PROXY = { HTTPS_PROXY: 'http://proxy:3128' };

test.each<readonly [string, NodeJS.ProcessEnv, string | undefined]>([
  ['https://api.example.com:6443', PROXY, 'http://proxy:3128'],
  ['https://api.example.com:6443', { https_proxy: 'proxy:3128' }, 'http://proxy:3128'],
  ['https://api.example.com:6443', { HTTPS_PROXY: '', https_proxy: 'socks5://a' }, 'socks5://a'],
  ['https://api.example.com:6443', { HTTP_PROXY: 'http://proxy:3128' }, undefined],
  ['http://api.example.com', { HTTP_PROXY: 'http://proxy:3128' }, 'http://proxy:3128'],
  ['https://api.example.com:6443', {}, undefined],
  ['nonsense', PROXY, undefined],
  ['https://127.0.0.1:6443', PROXY, undefined],
  ['https://127.1.2.3:6443', PROXY, undefined],
  ['https://[::1]:6443', PROXY, undefined],
  ['https://localhost:6443', PROXY, undefined],
])('of %s, %j names the proxy %s', (server, environment, proxy) => {
  expect(proxyFor(server, environment)).toBe(proxy);
});

test.each([
  ['https://api.example.com:6443', '*'],
  ['https://api.example.com:6443', 'example.com'],
  ['https://api.example.com:6443', 'EXAMPLE.com'],
  ['https://api.example.com:6443', 'a, .example.com ,b'],
  ['https://api.example.com:6443', '*.example.com'],
  ['https://api.example.com:6443', 'api.example.com:6443'],
  ['https://api.example.com', 'api.example.com:443'],
  ['https://10.0.0.1:6443', '10.0.0.1'],
  ['https://10.0.0.1:6443', '10.0.0.1:6443'],
  ['https://10.0.0.1:6443', '10.0.0.0/8'],
  ['https://[fd00::1]:6443', 'fd00::1'],
  ['https://[fd00::1]:6443', '[fd00::1]:6443'],
  ['https://[fd00::1]:6443', 'fd00::/8'],
])('%s is asked without the proxy where NO_PROXY is %j', (server, excluded) => {
  expect(proxyFor(server, { ...PROXY, NO_PROXY: excluded })).toBeUndefined();
});

test.each([
  ['https://api.example.com:6443', ''],
  ['https://api.example.com:6443', ',, '],
  ['https://api.example.com:6443', 'ample.com'],
  ['https://example.com:6443', '.example.com'],
  ['https://api.example.com:6443', 'api.example.com:443'],
  ['https://10.0.0.1:6443', '10.0.0.2,11.0.0.0/8,fd00::/8,10.0.0.0/99,10.0.0.0/x,0.1'],
  ['https://[fd00::1]:6443', 'fe80::/10,0.0.0.0/0'],
])('%s is asked by the proxy where NO_PROXY is %j', (server, excluded) => {
  expect(proxyFor(server, { ...PROXY, no_proxy: excluded })).toBe('http://proxy:3128');
});

test('a server is asked by that proxy', async () => {
  const seen: string[] = [];
  const proxy = createServer((_, response) => void response.end());
  proxy.on('connect', ({ url = '' }, socket) => {
    seen.push(url);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  vi.stubEnv('NO_PROXY', '');
  vi.stubEnv('no_proxy', '');
  const connection = await connect({ kubeconfig: kubeconfigFor('https://api.example.com:6443') });
  await expect(get(connection, '/version', 'application/json')).rejects.toThrow(
    /^the cluster at https:\/\/api\.example\.com:6443 is not reached: [^\n]*403[^\n]*; name another/,
  );
  expect(seen).toEqual(['api.example.com:6443']);
});
