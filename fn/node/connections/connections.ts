import { awaitConfiguration, awaitOwnAddress, type Running, runningReader } from '../routers/running.ts';
import { parseStates } from '../routers/states.ts';
import { begin, type Reporter, STATE_DIR } from '../status/status-file.ts';
import { after, sleep, type Timer } from '../system/clock.ts';
import { ask, attempt, type Process, readFifo, start } from '../system/command.ts';
import { isFifo, replaceFile } from '../system/files.ts';
import { exit, onSignal, say } from '../system/process.ts';
import { commandsFor, conntrackdConfig } from './conntrackd.ts';
import { resetRules, TABLE } from './reset-rules.ts';

/** How often it looks, and how often it looks for what is to come at once, in milliseconds. */
const INTERVAL = 5000;
const GLANCE = 200;
/** How long conntrackd may take to answer, in milliseconds. */
const PATIENCE = 10_000;

/** How long after it has become master a router may learn of the other's connections, in milliseconds. */
const HANDED_OVER = 3000;

const CONFIG = `${STATE_DIR}/conntrackd.conf`;
const STATES = `${STATE_DIR}/states`;
/** The lock of a predecessor that was killed would keep conntrackd from starting. */
const LEFTOVERS = ['conntrackd.lock', 'conntrackd.ctl', 'conntrackd.conf', 'conntrackd.conf.new'];

let conntrackd: Process | undefined;
let resetting: Timer | undefined;
/** What conntrackd is told, one thing after another. */
let work = Promise.resolve();

/**
 * Runs conntrackd, which tells the other routers of this one's connections, so that they outlive a failover, and tells
 * it what becomes of the router. Needs NET_ADMIN.
 */
export async function main(): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) onSignal(signal, leave);
  const reporter = begin('connections.status', LEFTOVERS);
  endResets();
  const read = runningReader();
  let running = await awaitConfiguration(read, reporter);
  await awaitOwnAddress(running.own, reporter);
  let text = await begun(running);
  await awaitStates(reporter);
  // Those of the time before this program was there are waiting.
  readFifo(STATES, (lines) => parseStates(lines).forEach((state) => follow(state, running)));
  while (conntrackd?.hasEnded() === false) {
    const reading = read();
    running = reading.running ?? running;
    if (text !== conntrackdConfig(running.config, running.own, STATE_DIR)) {
      await work;
      say('conntrackd is started again with another configuration');
      conntrackd.kill();
      conntrackd.wait();
      text = await begun(running);
    }
    const faults = reading.obstacle === undefined ? [] : [reading.obstacle];
    if (!(await isAnswering())) faults.push('conntrackd does not answer');
    reporter.report({ faults, notes: [] }, running.fingerprint);
    await sleep(INTERVAL);
  }
  say('conntrackd has ended');
  exit(1);
}

function leave(): void {
  conntrackd?.kill();
  exit(0);
}

/** Starts conntrackd, which asks the others for what they know; gives its configuration. */
async function begun({ config, own }: Running): Promise<string> {
  const text = conntrackdConfig(config, own, STATE_DIR);
  replaceFile(CONFIG, text);
  conntrackd = start(['conntrackd', '-C', CONFIG]);
  while (!(await isAnswering()) && !conntrackd.hasEnded()) await sleep(GLANCE);
  await tell('-B');
  return text;
}

async function awaitStates(reporter: Reporter): Promise<void> {
  while (!isFifo(STATES)) {
    reporter.report({ faults: ["waiting for keepalived's program"], notes: [] });
    await sleep(GLANCE);
  }
}

function follow(state: string, { config }: Running): void {
  say(`this router is ${state}`);
  endResets();
  work = work.then(() => tell(...commandsFor(state)));
  if (state !== 'MASTER') return;
  const timer = after(HANDED_OVER, () => {
    void work.then(() => {
      if (resetting === timer) attempt(['nft', '-f', '-'], { text: { text: resetRules(config), folder: STATE_DIR } });
    });
  });
  resetting = timer;
}

/** Until a router is master, and has been told what the other knew, it resets no connection. */
function endResets(): void {
  resetting?.cancel();
  resetting = undefined;
  attempt(['nft', `add table ${TABLE}; delete table ${TABLE}`]);
}

/** conntrackd does one thing at a time: of several options it heeds the last. */
async function tell(...options: readonly string[]): Promise<void> {
  for (const option of options) {
    const { text } = await ask(['conntrackd', '-C', CONFIG, option], PATIENCE, { withErrors: true });
    if (text !== '') say(text.trimEnd());
  }
}

async function isAnswering(): Promise<boolean> {
  return (await ask(['conntrackd', '-C', CONFIG, '-s'], PATIENCE)).status === 0;
}
