import { apply } from '../change.ts';
import type { RouterConfig } from '../config/router-config.ts';
import { awaitOwnAddress, ownAddressLack, type Running, runningReader } from '../routers/running.ts';
import type { Findings } from '../status/findings.ts';
import { begin, hasReport, type Reporter } from '../status/status-file.ts';
import { sleep } from '../system/clock.ts';
import { json } from '../system/command.ts';
import { readFile, readLine } from '../system/files.ts';
import { exit, onSignal, say, variable } from '../system/process.ts';
import { parseConfigFile, type TunnelConfig } from './config-file.ts';
import { isThere, makeDevice, removeDevice, stopDaemon } from './device.ts';
import { addressChanges, linkChanges, mtuOf, readLink } from './link.ts';
import { forgetSettings, handshakeFault, keepSettings } from './settings.ts';

const STATUS = 'wireguard.status';
/** How often it looks, in milliseconds. */
const INTERVAL = 1000;
/** How many looks pass between two at everything, as long as there is nothing to be seen without starting a program. */
const PATIENCE = 5;

/** A key of the Secret, of which each router sees its own. */
const FILE = `wg${variable('ROUTER') ?? ''}.conf`;
/** The interface that the tunnel's own packets leave by. */
const UNDERLAY = 'eth0';

/**
 * Keeps the WireGuard tunnel of a router in place and tells whether its peer is there. Needs NET_ADMIN, and in user
 * space /dev/net/tun and a folder /run/wireguard.
 *
 * The configuration holds keys, which wg(8) repeats in its messages: neither is ever printed.
 */
export async function main(): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) onSignal(signal, leave);
  const reporter = begin(STATUS);
  const read = runningReader();
  let [looks, isWell, last] = [0, false, ''];
  for (;;) {
    const { running, obstacle } = read();
    const moment = `${running?.fingerprint} ${obstacle}`;
    looks += 1;
    // The router's program removes the status when it starts, to be told anew.
    const isQuiet = isWell && moment === last && hasReport(STATUS) && looks < PATIENCE;
    if (!isQuiet || !stands(running)) {
      const findings = await check(running, obstacle, reporter);
      reporter.report(findings, running?.fingerprint);
      [looks, isWell, last] = [0, findings.faults.length === 0, moment];
    }
    await sleep(INTERVAL);
  }
}

function leave(): void {
  stopDaemon();
  exit(0);
}

function stands(running: Running | undefined): boolean {
  const { wireGuard, egress } = running?.config ?? {};
  return wireGuard !== undefined && egress !== undefined && isThere(egress.interface, wireGuard.implementation);
}

async function check(
  running: Running | undefined,
  obstacle: string | undefined,
  reporter: Reporter,
): Promise<Findings> {
  if (running === undefined) return { faults: [obstacle ?? ''], notes: [] };
  const { wireGuard, egress } = running.config;
  // The tunnel goes on where a later configuration cannot be used: no other router would be the better one.
  const notes = obstacle === undefined ? [] : [obstacle];
  if (wireGuard === undefined) return { faults: ['config.json: wireGuard is missing'], notes };
  // Another instance of this router has the same key: whoever has the router's addresses has the tunnel.
  if (ownAddressLack(running.own) !== undefined) {
    removeDevice(egress.interface);
    await awaitOwnAddress(running.own, reporter);
  }
  const text = readFile(`/etc/wireguard/${FILE}`);
  if (text === undefined) return { faults: [`waiting for ${FILE}: it must be a key of the Secret`], notes };
  const tunnel = parseConfigFile(text, FILE);
  if (typeof tunnel === 'string') return { faults: [tunnel], notes };
  notes.push(...tunnel.notes);
  const fault = await keep(egress.interface, wireGuard.implementation, tunnel, notes);
  return { faults: fault === undefined ? [] : [fault], notes };
}

/** Has the tunnel as configured, and gives what is wrong. */
async function keep(
  device: string,
  implementation: NonNullable<RouterConfig['wireGuard']>['implementation'],
  tunnel: TunnelConfig,
  notes: string[],
): Promise<string | undefined> {
  if (!isThere(device, implementation)) {
    forgetSettings();
    const fault = await makeDevice(device, implementation);
    if (fault !== undefined) return fault;
  }
  const peers = await keepSettings(device, tunnel);
  if (typeof peers === 'string') return peers;
  return keepLink(device, tunnel, notes) ?? handshakeFault(peers, tunnel);
}

function keepLink(device: string, { addresses, mtu }: TunnelConfig, notes: string[]): string | undefined {
  const found = readLink(json(['ip', '-j', 'addr', 'show', 'dev', device]));
  if (found === undefined) return `${device} is gone`;
  for (const change of addressChanges(device, found, addresses)) {
    const refusal = apply(change);
    if (refusal === undefined) say(change.what);
    else notes.push(`${change.failure}: ${refusal}`);
  }
  for (const change of linkChanges(device, found, mtuOf(mtu, underlayMtu()))) {
    const refusal = apply(change);
    if (refusal !== undefined) return `${change.failure}: ${refusal}`;
    say(change.what);
  }
  return undefined;
}

function underlayMtu(): number | undefined {
  const text = readLine(`/sys/class/net/${UNDERLAY}/mtu`);
  return text === undefined ? undefined : Number(text);
}
