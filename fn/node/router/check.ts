import type { Family } from '../../net/address.ts';
import { hasReport, readReport, STATE_DIR } from '../status/status-file.ts';
import { now, sleep } from '../system/clock.ts';
import { output } from '../system/command.ts';
import { exists, readLine, removeAll } from '../system/files.ts';
import {
  announce,
  interfaceState,
  keepEgressInterface,
  keepInterface,
  keepPolicies,
  keepRoutes,
} from './attachment.ts';
import { bridgeAnswers, bridgeLack } from './bridge.ts';
import { FORWARDING, forwardingFault, keepalivedNote, linkFault, tunnelFault } from './checks.ts';
import { callClients } from './clients.ts';
import { keepTelling, whyNot } from './identity.ts';
import { mtuLack } from './interface.ts';
import { type OutsideWatch, watchOutside } from './outside.ts';
import { packetFilter } from './packet-filter.ts';
import type { Settings } from './settings.ts';

const TUNNEL = 'wireguard.status';
/**
 * How old what a tunnel has said may be for its program to run still, in seconds, and how long it is waited for then,
 * in milliseconds.
 */
const TUNNEL_AGE = 20;
const TUNNEL_PATIENCE = 3000;

/** What a look at everything has found. */
export interface Found {
  readonly faults: string[];
  readonly notes: string[];
  /** What keeps it from being ready, but makes no other router the better one. */
  readonly lacks: string[];
}

const filter = packetFilter();
let outside: (OutsideWatch & { readonly addresses: string }) | undefined;
let isCalling = false;
let tunnelDeadline = 0;

/** What the tunnel's program has said to a predecessor it says again where it still runs. */
export function forgetTunnel(): void {
  const report = readReport(TUNNEL);
  if (report === undefined || report.age > TUNNEL_AGE) return;
  removeAll(`${STATE_DIR}/${TUNNEL}`);
  tunnelDeadline = now() + TUNNEL_PATIENCE;
}

/**
 * Has the kernel have rules of ours, which come before all else, whatever may be wrong with the rest; gives whether it
 * has.
 */
export function keepRules(rules: string, { faults }: Found): boolean {
  const { fault, isThere } = filter.keep(rules);
  if (fault !== undefined) faults.push(fault);
  return isThere;
}

/**
 * Puts everything right that can be, and looks at all else. Gives whether the router is now as its configuration has
 * it: rules and ways are.
 */
export async function check(settings: Settings, rules: string, found: Found): Promise<boolean> {
  const { config, overlay, egress } = settings;
  const { faults, notes, lacks } = found;
  const isFiltered = keepRules(rules, found);
  const obstacle = isFiltered ? await whyNot(settings) : undefined;
  if (obstacle !== undefined) {
    faults.push(obstacle);
    return false;
  }
  const hasWays = isFiltered && keepWays(settings, found);
  if (hasWays) {
    keepOverlay(settings, found);
    announce(settings);
    keepTelling(settings);
    keepCalling(settings);
  }
  const isApplied = hasWays && faults.length === 0;
  for (const name of [overlay, egress])
    push(faults, linkFault(name, hasInterface(name), readLine(`${sysfs(name)}/carrier`)));
  for (const family of settings.families) {
    push(faults, forwardingFault(family, readLine(`/proc/sys/${FORWARDING[family].file}`)));
    if (!settings.hasOwnWay) checkDefault(settings, family, found);
  }
  if (config.wireGuard) {
    await until(() => hasReport(TUNNEL), tunnelDeadline);
    push(faults, tunnelFault(readReport(TUNNEL)));
  }
  push(faults, await outsideFault(settings));
  if (config.failover) push(notes, keepalivedNote(readReport('vrrp.status')));
  if (config.bridgeAnswers && hasInterface(overlay) && !(await bridgeAnswers(overlay))) lacks.push(bridgeLack(overlay));
  return isApplied;
}

/** Makes sure of the way out before anybody can send: first that there is no other, then the way itself. */
function keepWays(settings: Settings, { faults, notes }: Found): boolean {
  if (!settings.hasOwnWay) return true;
  const unmade = keepPolicies(settings);
  if (unmade.length > 0) {
    faults.push(...unmade);
    return false;
  }
  faults.push(...keepEgressInterface(settings));
  const routes = keepRoutes(settings);
  faults.push(...routes.faults);
  notes.push(...routes.notes);
  return true;
}

function keepOverlay({ config, own, overlay }: Settings, { faults, lacks }: Found): void {
  faults.push(
    ...keepInterface(overlay, { mac: own.mac, mtu: config.mtu, canRaise: config.hasAgents, addresses: own.addresses }),
  );
  const state = interfaceState(overlay);
  if (state) push(lacks, mtuLack(overlay, state, config.mtu));
}

/** Without an IPv6 default route a router that also serves IPv4 is ready, for IPv6 then goes nowhere. */
function checkDefault({ egress, families }: Settings, family: Family, { faults, notes }: Found): void {
  const routes = output(['ip', `-${family.slice(-1)}`, 'route', 'show', 'default', 'dev', egress]) ?? '';
  if (routes !== '') return;
  if (family === 'IPv6' && families.includes('IPv4')) {
    notes.push(`no IPv6 default route through ${egress}: IPv6 does not leave`);
  } else {
    faults.push(`no ${family} default route through ${egress}`);
  }
}

function keepCalling({ caller, overlay }: Settings): void {
  if (caller === undefined || isCalling) return;
  isCalling = true;
  void callClients(caller, overlay);
}

/** What is asked is asked anew where it is another than before. */
async function outsideFault({ config: { healthCheck }, egress }: Settings): Promise<string | undefined> {
  const addresses = healthCheck.join(' ');
  if (outside?.addresses !== addresses) {
    outside?.stop();
    outside = addresses === '' ? undefined : { ...watchOutside(healthCheck, egress), addresses };
  }
  if (outside === undefined) return undefined;
  const { state, deadline } = outside;
  await until(() => state() !== undefined, deadline);
  return state() === 'reached' ? undefined : `none of ${addresses} answers through ${egress}`;
}

/** Waits for what is to come at once, until a moment on the clock for intervals. */
async function until(isThereNow: () => boolean, deadline: number): Promise<void> {
  while (!isThereNow() && now() < deadline) await sleep(100);
}

function hasInterface(name: string): boolean {
  return exists(sysfs(name));
}

function sysfs(name: string): string {
  return `/sys/class/net/${name}`;
}

function push(list: string[], text: string | undefined): void {
  if (text !== undefined) list.push(text);
}
