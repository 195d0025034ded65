import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { observe, surroundings, survey, written } from '../../fn/cluster/observe.ts';

/** What a server answers to every question. */
interface Given {
  readonly status: number;
  readonly body: string;
}

let given: Given;
let server: Server;
let url: string;
let folder: string;
let kubeconfig: string;

beforeAll(async () => {
  server = createServer((_, response) => void response.writeHead(given.status).end(given.body));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'gwn-not-an-api-'));
  kubeconfig = join(folder, 'config');
  const config = {
    clusters: [{ name: 'a', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'a', user: {} }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    'current-context': 'a',
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** All that is asked of a cluster before anything else. */
const QUESTIONS = [
  ['observe', async () => observe({ kubeconfig })],
  ['survey', async () => survey({ kubeconfig }, () => ({ pods: [], secrets: [] }))],
  ['written', async () => written({ kubeconfig }, undefined, [])],
] as const;

describe.each([
  ['the page of a proxy', { status: 200, body: '<html>\nLog in</html>' }, '<html>'],
  ['an object of another API', { status: 200, body: '{"a":1}' }, '{"a":1}'],
  ['a number', { status: 200, body: '1' }, '1'],
  ['nothing', { status: 200, body: '' }, ''],
])('%s', (_, answer, quoted) => {
  test.each(QUESTIONS)('is no cluster to %s', async (_name, ask) => {
    given = answer;
    expect(await ask()).toEqual({
      refusal: expect.stringMatching(/^what answers at http:\S+ is no API server of Kubernetes: to \/\S+ it says '/),
    });
    expect(await ask()).toEqual({
      refusal: expect.stringContaining(`it says '${quoted}'; name another with --kubeconfig or --context`),
    });
  });
});

test.each(QUESTIONS)(
  'a server that knows nothing of Kubernetes is no cluster without networks to %s',
  async (name, ask) => {
    given = { status: 404, body: '404 page not found' };
    expect(await ask()).toEqual({
      refusal:
        name === 'survey'
          ? `the cluster at ${url} does not have it: status 404 for /version`
          : expect.stringMatching(/ is no API server of Kubernetes: to \/api\S+ it says 'status 404'; /),
    });
  },
);

test('what a bug report can do without is left out then', async () => {
  given = { status: 200, body: '<html>' };
  const observation = { pods: [] } as unknown as Parameters<typeof surroundings>[1];
  expect(await surroundings({ kubeconfig }, observation, new Set())).toEqual({ logs: [] });
});
