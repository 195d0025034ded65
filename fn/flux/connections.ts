import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Limits the connections of a server. At the limit, the oldest connection without a request is closed, so that slow
 * callers make room for quick ones; if all have requests, the oldest is closed.
 */
export function limitConnections(server: Server, limit: number): void {
  const open = new Set<Socket>();
  const busy = new Set<Socket>();
  const forget = (socket: Socket): void => {
    open.delete(socket);
    busy.delete(socket);
  };
  server.on('connection', (socket: Socket) => {
    if (open.size >= limit) {
      const [oldest] = [...open].filter((each) => !busy.has(each)).concat(...open);
      if (oldest !== undefined) {
        forget(oldest);
        oldest.destroy();
      }
    }
    open.add(socket);
    socket.once('close', () => forget(socket));
  });
  server.on('request', ({ socket }, response) => {
    busy.add(socket);
    response.once('close', () => busy.delete(socket));
  });
}
