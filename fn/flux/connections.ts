import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Keeps the connections of a server to a number. Where there would be more, the one that has waited longest goes: who is slow to say
 * what he wants makes room for who says it at once. Only where all are being answered, the oldest of these goes.
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
