import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Namespace } from '../agent/namespace.ts';
import { freePort } from '../engines/free-port.ts';

const PROGRAM = join(import.meta.dirname, '../api-server/forward.ts');

/** A port on this machine's loopback that leads to one on that of a namespace. */
export interface Forward {
  readonly port: number;
  readonly stop: () => void;
}

/** Opens a port of its own choice. Sockets in a folder lead from one network namespace into the other. */
export async function forwardFrom(namespace: Namespace, port: number, folder: string): Promise<Forward> {
  const socket = join(folder, `forward-${port}`);
  const own = await freePort();
  const start = async (command: readonly string[]) => {
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    return child;
  };
  const enter = ['nsenter', `--net=/run/netns/${namespace}`];
  const children = [
    await start([...enter, process.execPath, PROGRAM, socket, String(port)]),
    await start([process.execPath, PROGRAM, String(own), socket]),
  ];
  return { port: own, stop: () => children.forEach((child) => child.kill('SIGKILL')) };
}
