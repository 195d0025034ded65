import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Namespace } from '../../agent/namespace.ts';
import type { Exchanges, Report } from './prober.ts';
import type { Stream } from './streamer.ts';

export type { Exchanges, Report } from './prober.ts';
export type { Stream } from './streamer.ts';

/** The port of the echo servers. */
export const ECHO_PORT: number = 8080;

/**
 * Starts an echo server (UDP and TCP) that lives as long as its namespace, at one address or at all
 * of both families.
 */
export async function startEchoServer(namespace: Namespace, address?: string, port = ECHO_PORT): Promise<void> {
  const server = startProgram(namespace, 'echo-server.ts', [String(port), ...(address ? [address] : [])]);
  await once(server.stdout as NodeJS.ReadableStream, 'data');
  server.unref();
}

/** Traffic from a pod that goes on in the background. */
export interface Traffic {
  /** Ends it and says what became of it, for each address; nothing where its pod has gone. */
  readonly stop: () => Promise<readonly Report[]>;
}

/**
 * Sends over UDP, TCP and ICMP to the echo servers of some addresses, from one address and to
 * another port where they are given.
 */
export async function startTraffic(
  namespace: Namespace,
  addresses: readonly string[],
  source = '-',
  port = ECHO_PORT,
): Promise<Traffic> {
  const prober = startProgram(namespace, 'prober.ts', [source, String(port), ...addresses]);
  let output = '';
  prober.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(prober.stderr as NodeJS.ReadableStream, 'data');
  return {
    stop: async () => {
      prober.stdin?.end();
      if (prober.exitCode === null && prober.signalCode === null) await once(prober, 'close');
      return output === '' ? [] : (JSON.parse(output) as Report[]);
    },
  };
}

/** Sends to the echo servers of some addresses for half a second, and says what became of it. */
export async function tryTraffic(
  namespace: Namespace,
  addresses: readonly string[],
  source?: string,
  port?: number,
): Promise<readonly Report[]> {
  const traffic = await startTraffic(namespace, addresses, source, port);
  await setTimeout(500);
  return traffic.stop();
}

/** Whether every kind of traffic was answered at least once, for all addresses. */
export function isAnswered(reports: readonly Report[]): boolean {
  return reports.every(({ udp, tcp }) =>
    [udp, tcp].every((exchanges) => exchanges.some(([, answered]) => answered > 0)),
  );
}

/** Whether nothing was answered at all. */
export function isSilent(reports: readonly Report[]): boolean {
  return reports.every(({ udp, tcp }) => [...udp, ...tcp].every(([, answered]) => answered === 0));
}

/**
 * Sends that many bytes over a connection to the echo server of an address; whether they all came
 * back as they were.
 */
export async function transfer(namespace: Namespace, address: string, bytes: number): Promise<boolean> {
  const program = startProgram(namespace, 'transfer.ts', [address, String(ECHO_PORT), String(bytes)]);
  const [status] = await once(program, 'close');
  return status === 0;
}

/** A connection over which bytes are sent in the background. */
export interface Streaming {
  /** Ends it and says what became of them. */
  readonly stop: () => Promise<Stream>;
}

/** Begins to send over a connection to the echo server of an address. */
export async function startStream(namespace: Namespace, address: string, port = ECHO_PORT): Promise<Streaming> {
  const streamer = startProgram(namespace, 'streamer.ts', [address, String(port)]);
  let output = '';
  streamer.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const closed = once(streamer, 'close');
  await Promise.race([once(streamer.stderr as NodeJS.ReadableStream, 'data'), closed]);
  return {
    stop: async () => {
      streamer.stdin?.end();
      await closed;
      return JSON.parse(output.slice(0, output.indexOf('\n'))) as Stream;
    },
  };
}

/** When those were sent that were never answered, except for those of the last moment, which may still be under way. */
export function lostAt(exchanges: Exchanges): readonly number[] {
  const last = exchanges.at(-1)?.[0] ?? 0;
  return exchanges.flatMap(([sent, answered]) => (answered === 0 && sent < last - 500 ? [sent] : []));
}

/** How many of them there are. */
export function lost(exchanges: Exchanges): number {
  return lostAt(exchanges).length;
}

/** How long, in milliseconds, it took from a moment until something was answered that was sent after it. */
export function backAfter(exchanges: Exchanges, moment: number): number {
  const answers = exchanges
    .filter(([sent, answered]) => sent >= moment && answered > 0)
    .map(([, answered]) => answered);
  return answers.length === 0 ? Infinity : Math.min(...answers) - moment;
}

/**
 * The longest time, in milliseconds, in which no answer came, from when the first was sent to when
 * the last was. Shorter than two
 * of the intervals that they are sent in, it is no outage.
 */
export function outage(exchanges: Exchanges): number {
  const answers = exchanges
    .flatMap(([, answered]) => (answered > 0 ? [answered] : []))
    .toSorted((one, other) => one - other);
  const [begin, end] = [exchanges[0]?.[0] ?? 0, exchanges.at(-1)?.[0] ?? 0];
  const moments = [begin, ...answers, Math.max(end, answers.at(-1) ?? 0)];
  return Math.max(...moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0)));
}

function startProgram(namespace: Namespace, file: string, args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return spawn('ip', ['netns', 'exec', namespace, process.execPath, path, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}
