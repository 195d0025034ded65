import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { type Client, startClient } from './bed/client.ts';
import type { Cluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, type Installation, untilReady, update } from './bed/installation.ts';
import type { Manifests } from './bed/manifests.ts';
import type { Pod } from './bed/pod.ts';
import { ECHO_PORT, isAnswered, lost, startEchoServer, startTraffic, type Traffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const OUT = [INTERNET.IPv4, INTERNET.IPv6];
export const OTHER_PORT = 8081;
/** How long a change may take from the kubelet's update of the files, in milliseconds. */
export const SOON = 3000;

export interface Scene extends Installation {
  readonly router: Pod;
  readonly client: Client;
  /** Gives the router and the agents the data of other fields. */
  readonly change: (fields: Fields) => Manifests;
}

/** A network of both families over IPv4, with a client and its router on different nodes. */
export async function prepare(cluster: Cluster, before: Fields = {}): Promise<Scene> {
  for (const port of [ECHO_PORT, OTHER_PORT]) await startEchoServer(cluster.underlay.internet, undefined, port);
  const sourceOf = (fields: Fields) => example('dual-stack', { 'overlay.underlay': undefined, ...fields });
  const installation = install(cluster, sourceOf(before), 2);
  await untilReady([...installation.agents, ...installation.routers]);
  const [router] = installation.routers;
  if (!router) throw new Error('there is no router');
  return {
    ...installation,
    router,
    client: startClient(installation, 1),
    change: (fields) => update(installation, sourceOf(fields)),
  };
}

/** How long after now something is so, in milliseconds. */
export async function soon(isSo: () => unknown): Promise<number> {
  const begin = Date.now();
  await eventually(async () => expect(await isSo()).toBeTruthy());
  return Date.now() - begin;
}

export const loads = (router: Pod) => router.log('router').match(/packet filter rules loaded/g)?.length;

/** How many datagrams to what still is allowed are lost while something is changed, each 20 ms one to each address. */
export async function lostWhile({ client }: Scene, action: () => Promise<void>): Promise<number> {
  const traffic: Traffic = await startTraffic(client.namespace, OUT);
  await setTimeout(500);
  await action();
  await setTimeout(1000);
  const reports = await traffic.stop();
  expect(isAnswered(reports)).toBe(true);
  return reports.reduce((sum, { udp }) => sum + lost(udp), 0);
}
