import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { programAnswers } from '../../fn/cluster/program-answers.ts';
import { folderOf } from '../engines/folder.ts';

/** What becomes of a request to run a command, by the name of the pod. The real thing is in test/cluster. */
const ANSWERS: Readonly<Record<string, (socket: Duplex) => void>> = {
  lost: () => undefined,
  closed: (socket) => void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'),
  broken: (socket) => void socket.end('HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n'),
  gone: (socket) => void socket.destroy(),
};

let server: Server;
let config: string;

beforeAll(async () => {
  server = createServer().on('upgrade', ({ url = '' }, socket) => {
    const [, pod = ''] = /pods\/([a-z]+)/.exec(url) ?? [];
    ANSWERS[pod]?.(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config = JSON.stringify({
    clusters: [{ name: 'a', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'a', user: { token: 'a' } }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    'current-context': 'a',
  });
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('programs that cannot be asked are told with the reason, and none is waited for longer than 5 s', async () => {
  // More than are asked at once, one after another behind those that do not answer.
  const pods = [
    ...Array.from({ length: 15 }, () => 'lost'),
    ...Array.from({ length: 40 }, () => 'closed'),
    'broken',
    'gone',
  ];
  const start = Date.now();
  const answers = await programAnswers(
    { kubeconfig: join(folderOf({ config }), 'config') },
    pods.map((pod) => ({ namespace: 'egress', pod, container: 'router', command: ['x'] })),
  );
  expect(Date.now() - start).toBeLessThan(9000);
  expect(answers).toHaveLength(pods.length);
  expect(new Map(answers.map((answer) => [answer.pod, 'unasked' in answer && answer.unasked]))).toEqual(
    new Map<string, string>([
      ['closed', 'forbidden: whoever asks must be allowed to create and get pods/exec in the namespace egress'],
      ['broken', 'Unexpected server response: 500'],
      ['gone', 'socket hang up'],
      ['lost', 'no answer within 5 s'],
    ]),
  );
});

test('where there is no cluster, that is the reason', async () => {
  const asked = { namespace: 'egress', pod: 'a', container: 'router', command: ['x'] };
  expect(await programAnswers({ kubeconfig: '/nowhere' }, [asked])).toEqual([
    { namespace: 'egress', pod: 'a', unasked: expect.stringMatching(/^the kubeconfig \/nowhere cannot be read/) },
  ]);
});
