import { type Configuration, configurationReader, readFiles, type Reading } from '../configuration.ts';
import { ROUTER_CONFIG, type RouterConfig } from '../config/router-config.ts';
import { standsInTheWay } from '../routers/own-router.ts';
import { begin } from '../status/status-file.ts';
import { now, sleep } from '../system/clock.ts';
import { exit, onSignal, say, variable } from '../system/process.ts';
import { check, forgetTunnel, type Found, keepRules } from './check.ts';
import { handOver } from './hand-over.ts';
import { isSucceeded, isWaiting, untilAnother } from './identity.ts';
import { keepMetrics, removeMetrics } from './metrics-file.ts';
import { routerReport } from './report.ts';
import { type Settings, settingsOf } from './settings.ts';
import { signs } from './signs.ts';
import { track } from './track.ts';

/** How often everything is looked at, and what can be seen without a command, in milliseconds. */
const INTERVAL = Number(variable('INTERVAL') ?? 15) * 1000;
const GLANCE = 1000;
/** How many glances pass between two looks at everything where others may change what the router depends on. */
const GLANCES = 8;
/** How many glances pass between two at what other instances of this router tell, which costs a command. */
const SELDOM = 4;
/** How many looks follow a change, each after a glance: addresses come after their interface, and are not seen. */
const UNSETTLED = 5;

/** Which of the routers this one is. */
const INDEX = variable('ROUTER') ?? '';

const read = configurationReader(ROUTER_CONFIG);
let running: Configuration<RouterConfig> | undefined;
let settings: Settings | undefined;
/** The fingerprint of the configuration that the router was last found to be as. */
let applied: string | undefined;
let unsettled = UNSETTLED;
let isLeaving = false;

/**
 * Keeps the packet filter rules, the addresses and the routes of a router in place and tells whether it can route.
 * Needs NET_ADMIN.
 *
 * The order is what keeps a router closed: forwarding is on before this program runs, so the interface gets the
 * addresses and the MAC that clients send to only when the rules are loaded. Both stay when the program ends: it may be
 * the container alone that restarts, and then no packet is lost; with the pod, its interfaces go anyway.
 */
export async function main(verb: string): Promise<void> {
  if (verb === 'rules') loadRules();
  if (verb === 'report') return say(JSON.stringify(routerReport()));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) onSignal(signal, () => void leave());
  const reporter = begin('status', ['outside', 'outside.new', 'track.new', 'rules.nft', 'rules.nft.new']);
  forgetTunnel();
  for (;;) {
    if (isLeaving) return;
    const reading = read();
    const found: Found = { faults: [], notes: [], lacks: [] };
    const obstacle = take(reading);
    const before = settings && signs(settings);
    await pass(reading, obstacle, found);
    const faults = [...found.faults, ...found.lacks];
    const notes = settings ? keepMetrics(settings, INDEX, { faults, notes: found.notes }, applied) : found.notes;
    reporter.report({ faults, notes }, applied);
    if (settings?.config.failover && !isLeaving) track(found.faults.length > 0 ? '1' : '0');
    await rest(reading, before, faults.length > 0);
  }
}

/** Loads the rules and ends; fails where they do not load. */
function loadRules(): never {
  const { fault, isForeign } = read();
  const found: Found = { faults: isForeign && fault !== undefined ? [fault] : [], notes: [], lacks: [] };
  if (!isForeign) keepRules(rulesOf(readFiles()), found);
  for (const each of found.faults) say(each);
  exit(found.faults.length > 0 ? 1 : 0);
}

/** What keeps a running router from the configuration that there is now makes no other router the better one. */
async function pass({ isForeign }: Reading<RouterConfig>, obstacle: string | undefined, found: Found): Promise<void> {
  if (running !== undefined && settings !== undefined) {
    if (obstacle !== undefined) found.lacks.push(obstacle);
    if (await check(settings, rulesOf(running.files), found)) applied = running.fingerprint;
    return;
  }
  // Without rules a router would let pass what it forwards, so those are loaded even where the rest cannot be used.
  if (!isForeign) keepRules(rulesOf(readFiles()), found);
  found.faults.push(obstacle ?? `ROUTER must be the index of a router of config.json, but is '${INDEX}'`);
}

/** Takes the configuration that there is now, and gives why it cannot be used. */
function take({ configuration, fault }: Reading<RouterConfig>): string | undefined {
  if (fault !== undefined || configuration === undefined || configuration === running) return fault;
  const obstacle = running && settings && standsInTheWay(running.config, configuration.config, INDEX);
  if (obstacle !== undefined) return obstacle;
  running = configuration;
  settings = settingsOf(configuration.config, INDEX);
  return undefined;
}

function rulesOf(files: ReadonlyMap<string, string>): string {
  return files.get('rules.nft') ?? '';
}

/**
 * Waits until it is time for the next look at everything: when the configuration is another; else INTERVAL or, where
 * others may change what the router depends on, a glance while something is wrong or has just changed; else until
 * something does, or so many glances; when another instance of this router is gone, or has taken its place.
 */
async function rest(reading: Reading<RouterConfig>, before: string | undefined, isFaulty: boolean): Promise<void> {
  if (settings && isWaiting()) return untilAnother(settings, now() + GLANCE);
  const isChanged = (glance: number) =>
    read() !== reading || (settings && glance % SELDOM === SELDOM - 1 && isSucceeded(settings)) === true;
  if (!isFaulty && !settings?.isWatchful) {
    const end = now() + INTERVAL;
    for (let glance = 0; now() < end && !isChanged(glance); glance += 1) await sleep(Math.min(GLANCE, end - now()));
    return;
  }
  for (let glance = 0; glance < GLANCES; glance += 1) {
    await sleep(GLANCE);
    if (settings && signs(settings) !== before) unsettled = UNSETTLED;
    if (isFaulty || unsettled > 0 || isChanged(glance)) break;
  }
  unsettled = Math.max(0, unsettled - 1);
}

async function leave(): Promise<void> {
  if (isLeaving) return;
  isLeaving = true;
  if (settings) {
    removeMetrics(settings, INDEX);
    await handOver(settings);
  }
  exit(0);
}
