import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { folderOf } from '../engines/folder.ts';

/** Answers a request; the path is without its query. */
export type Answering = (path: string, response: ServerResponse, query: URLSearchParams) => void;

/** A server that answers as somebody else's cluster does, and a kubeconfig that leads to it. */
export interface FakeApi {
  readonly url: string;
  readonly kubeconfig: string;
  /** The paths of all requests, with their queries. */
  readonly requests: readonly string[];
}

/** A server that ends with the running test. */
export async function fakeApi(
  answer: Answering,
  upgrade: (request: IncomingMessage, socket: Duplex) => void = (_, socket) => void socket.destroy(),
): Promise<FakeApi> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://a');
    requests.push(request.url ?? '');
    answer(pathname, response, searchParams);
  });
  server.on('upgrade', upgrade);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, kubeconfig: kubeconfigFor(url), requests };
}

/** A kubeconfig in a folder that goes away with the running test. */
export function kubeconfigFor(server: string, context = 'a'): string {
  const config = {
    clusters: [{ name: context, cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: context, user: { token: 'a' } }],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
    'current-context': context,
  };
  return join(folderOf({ config: JSON.stringify(config) }), 'config');
}

export function json(response: ServerResponse, value: unknown, status = 200, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

/** Why something was refused, as API servers write it. */
export function refuse(response: ServerResponse, code: number, message: string, headers?: Record<string, string>) {
  json(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code }, code, headers);
}
