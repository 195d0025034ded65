import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { limitConnections } from './connections.ts';
import { SERVER_LIMITS } from './limits.ts';
import type { Store } from './store.ts';

/** A server that accepts connections. */
export interface Listening {
  readonly port: number;
  /** Closes the server after the answers that it is sending. */
  readonly close: () => Promise<void>;
}

/** Host and port, such as `:9090`, `127.0.0.1:0` or `[::1]:80`. */
export function addressOf(text: string): { readonly host?: string; readonly port: number } {
  const at = text.lastIndexOf(':');
  const host = text.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  return { ...(host !== '' && { host }), port: Number(text.slice(at + 1)) };
}

/** See {@link SERVER_LIMITS}. */
export type ServerLimits = Readonly<Record<keyof typeof SERVER_LIMITS, number>>;

/**
 * Starts a server.
 * @throws Error if its address is in use
 */
export async function listen(
  address: string,
  listener: RequestListener,
  limits: ServerLimits = SERVER_LIMITS,
): Promise<Listening> {
  const options = {
    headersTimeout: limits.REQUEST,
    requestTimeout: limits.REQUEST,
    keepAliveTimeout: limits.IDLE,
    connectionsCheckingInterval: limits.REQUEST / 5,
    maxHeaderSize: limits.HEADERS,
  };
  const server: Server = createServer(options, (incoming, response) => {
    const timer = setTimeout(() => incoming.socket.destroy(), limits.RESPONSE);
    response.once('close', () => clearTimeout(timer));
    listener(incoming, response);
  });
  limitConnections(server, limits.CONNECTIONS);
  server.listen(addressOf(address));
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}

/** Serves the archives of a store, and nothing else. */
export function serveArchives(store: Store, onError: (error: unknown) => void): RequestListener {
  const serve: (...args: Parameters<RequestListener>) => Promise<void> = async ({ method, url = '' }, response) => {
    if (method !== 'GET' && method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const archive = await store.read(url.replace(/^\//, '').replace(/\?.*$/, ''));
    if (archive === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/gzip', 'content-length': archive.size });
    if (method === 'HEAD') response.end();
    else await pipeline(archive.stream(), response);
  };
  return (incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      onError(error);
      response.destroy();
    });
  };
}
