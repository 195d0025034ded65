import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Calls, callsInput, octets, parseTried, type Tried } from '../../../fn/verify/calls.ts';
import PROGRAM from '../../../fn/verify/programs/calls.pl';
import type { Namespace } from '../../agent/namespace.ts';

/** Numbers of Linux (linux/socket.h). */
export const [PACKET, RAW] = [17, 3] as const;

/** As a pod has it that Pod Security's `restricted` lets in: without any capability. */
export const UNPRIVILEGED =
  'setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs';

/** Loose source routing by an address (RFC 791, section 3.1). */
export function sourceRoute(by: string): Buffer {
  return Buffer.concat([Buffer.from([131, 7, 4]), octets(by), Buffer.alloc(1)]);
}

/** Makes calls in a pod for some seconds, again and again, each on a new socket unless it begins with `keep`. */
export async function repeatCalls(
  namespace: Namespace,
  ways: readonly Calls[],
  seconds: number,
): Promise<readonly Tried[]> {
  const args = [namespace, ...UNPRIVILEGED.split(' '), 'perl', '-e', PROGRAM, String(seconds), '0.02'];
  const child = spawn('ip', ['netns', 'exec', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(callsInput(ways));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`calls.pl ended with ${status}`);
  return parseTried(output);
}
