import { setTimeout as sleep } from 'node:timers/promises';
import { lost, outage, startStream, startTraffic } from '../datapath/bed/traffic.ts';
import { INTERNET } from '../datapath/bed/underlay.ts';
import type { Client } from './pods.ts';

export const EVERYWHERE = [INTERNET.IPv4, INTERNET.IPv6];

/** What became of the traffic of clients: of 50 datagrams a second to each address, and of a TCP stream. */
export interface Figures {
  /** How many datagrams. */
  readonly lost: number;
  /** The longest time without an answer to any, in milliseconds. */
  readonly outage: number;
  /** How many streams ended, or lacked a byte. */
  readonly broken: number;
  /** How many packets went around the gateway. */
  readonly strays: number;
}

/** What becomes of it while something happens, and for a second after that. */
export async function figuresOf(clients: readonly Client[], happen: () => Promise<unknown>): Promise<Figures> {
  const before = countStrays(clients);
  const streams = await Promise.all(clients.map(async ({ namespace }) => startStream(namespace, INTERNET.IPv4)));
  const traffic = await Promise.all(clients.map(async ({ namespace }) => startTraffic(namespace, EVERYWHERE)));
  await sleep(500);
  await happen();
  await sleep(1000);
  const reports = (await Promise.all(traffic.map(async ({ stop }) => stop()))).flat();
  const ended = await Promise.all(streams.map(async ({ stop }) => stop()));
  return {
    lost: reports.reduce((sum, { udp }) => sum + lost(udp), 0),
    outage: Math.max(...reports.map(({ udp }) => outage(udp))),
    broken: ended.filter(({ error, sent, returned }) => error !== undefined || sent !== returned).length,
    strays: countStrays(clients) - before,
  };
}

function countStrays(clients: readonly Client[]): number {
  return clients.reduce((sum, { strays }) => sum + strays(), 0);
}
