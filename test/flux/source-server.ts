import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Access } from '../api-server/request.ts';
import { call, paths, put } from './kube.ts';
import { sha256 } from './tarball.ts';

/**
 * Publishes archives as Flux's source-controller does: files over HTTP, and what they are in the
 * status of a GitRepository.
 */
export interface SourceServer {
  /** How often each archive was asked for, by its path. */
  readonly requests: ReadonlyMap<string, number>;
  /** Publishes a commit; with a handler, what is sent for it may be something else. Gives the path. */
  readonly publish: (
    access: Access,
    name: string,
    commit: string,
    archive: Buffer,
    handler?: RequestListener,
  ) => Promise<string>;
  /** What is sent for a path. */
  readonly handle: (path: string, handler: RequestListener) => void;
  readonly close: () => Promise<void>;
}

/** Starts one on loopback. */
export async function startSourceServer(): Promise<SourceServer> {
  const handlers = new Map<string, RequestListener>();
  const requests = new Map<string, number>();
  const server = createServer((incoming, response) => {
    const path = incoming.url ?? '';
    requests.set(path, (requests.get(path) ?? 0) + 1);
    (handlers.get(path) ?? ((_, missing) => missing.writeHead(404).end()))(incoming, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    requests,
    handle: (path, handler) => void handlers.set(path, handler),
    publish: async (access, name, commit, archive, handler) => {
      const digest = sha256(archive);
      const path = `/gitrepository/default/${name}/${commit}.tar.gz`;
      handlers.set(path, handler ?? ((_, response) => response.writeHead(200).end(archive)));
      const object = {
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        kind: 'GitRepository',
        metadata: { name, namespace: 'default' },
      };
      await put(access, paths.repository(name), {
        ...object,
        spec: { interval: '1m', url: 'https://git.example.com/x' },
      });
      const artifact = {
        digest,
        revision: `main@sha1:${commit}`,
        path: path.slice(1),
        url: `http://127.0.0.1:${port}${path}`,
        lastUpdateTime: new Date().toISOString(),
        size: archive.length,
      };
      await call(
        access,
        'PATCH',
        `${paths.repository(name)}/status?fieldManager=source-controller&force=true`,
        { ...object, status: { artifact } },
        'application/apply-patch+yaml',
      );
      return path;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
