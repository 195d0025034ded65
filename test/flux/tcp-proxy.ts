import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands on loopback before something else: a Service before its pods, or a network that can be cut. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks all connections, and refuses new ones until {@link mend}. */
  readonly cut: () => void;
  /** Lets all connections hang, new ones too, until {@link mend}, which breaks them. */
  readonly stall: () => void;
  readonly mend: () => void;
  readonly close: () => Promise<void>;
}

/** Starts one that asks for each connection which port it leads to; nothing refuses it. */
export async function startProxy(target: () => Promise<number | undefined>): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let [isCut, isStalled] = [false, false];
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer(async (socket) => {
    track(socket);
    if (isStalled) return;
    const port = isCut ? undefined : await target();
    if (port === undefined) {
      socket.destroy();
      return;
    }
    const other = track(connect(port, '127.0.0.1'));
    socket.pipe(other).pipe(socket);
    socket.on('close', () => other.destroy());
    other.on('close', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    stall: () => {
      isStalled = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    mend: () => {
      if (isStalled) cut();
      [isCut, isStalled] = [false, false];
    },
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
