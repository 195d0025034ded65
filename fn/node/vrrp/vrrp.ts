import { addressesNow, awaitConfiguration, awaitOwnAddress, type Running, runningReader } from '../routers/running.ts';
import { parseStates } from '../routers/states.ts';
import { begin, readReport, STATE_DIR } from '../status/status-file.ts';
import { sleep } from '../system/clock.ts';
import { attempt, type Process, readFifo, start } from '../system/command.ts';
import { isFifo, readLine, removeAll, replaceFile } from '../system/files.ts';
import { exit, onSignal, say } from '../system/process.ts';
import { keepalivedConfig } from './keepalived.ts';
import { heldBy, judged, loans, removals, silentRouters } from './loan.ts';

/** How often it looks, in milliseconds: a third of the time that addresses are lent for. */
const INTERVAL = 1000;
/** How old what another program says of itself may be, in seconds. */
const BELIEVED_FOR = 30;

const CONFIG = `${STATE_DIR}/keepalived.conf`;
/** By which keepalived tells what becomes of the router: this program, and that of connections. */
const NOTICES = `${STATE_DIR}/notices`;
const STATES = `${STATE_DIR}/states`;

/**
 * To keepalived such a file is another that runs where it cannot open or lock it; an older one believes the process id,
 * and in a new container the same numbers come again. Of programs of keepalived that are not started it wants to write
 * the id, too.
 */
const PID_FILES = { pid: 'keepalived.pid', vrrp_pid: 'vrrp.pid', checkers_pid: 'checkers.pid', bfd_pid: 'bfd.pid' };
const LEFTOVERS = ['notices', 'track', 'track.new', 'standby', 'standby.new', 'keepalived.conf', 'keepalived.conf.new'];

let keepalived: Process | undefined;
let running: Running | undefined;

/**
 * Runs keepalived, by which one of several routers has the gateway's addresses, and tells whether it runs. Needs
 * NET_ADMIN and NET_RAW.
 *
 * An address outlives the program that has added it. A router whose keepalived was killed would go on answering for the
 * gateway, beside its successor. So the addresses are only lent to it: the kernel takes each away some seconds after
 * the last loan.
 */
export async function main(): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) onSignal(signal, leave);
  const reporter = begin('vrrp.status', [...LEFTOVERS, ...Object.values(PID_FILES)]);
  // Nobody is master before its router has found everything as wanted, which it says within a second where it has
  // already.
  tell('track', 1);
  tell('standby', 1);
  const read = runningReader();
  running = await awaitConfiguration(read, reporter);
  drop(running);
  // Made here, or keepalived would take them away when it ends, from whoever reads them.
  for (const path of [NOTICES, ...(running.config.failover?.synchronised ? [STATES] : [])]) makeFifo(path);
  readFifo(NOTICES, (lines) => {
    // At once: until then, what keepalived has just added would outlive a router that is killed.
    if (running && parseStates(lines).includes('MASTER')) lend(running);
  });
  await awaitOwnAddress(running.own, reporter);
  let text = configure(running);
  keepalived = start(command());
  while (!keepalived.hasEnded()) {
    const reading = read();
    running = reading.running ?? running;
    if (text !== keepalivedConfig(running.config, running.own, STATE_DIR)) {
      text = configure(running);
      keepalived.kill('SIGHUP');
      say('keepalived reads its configuration again');
    }
    const faults = reading.obstacle === undefined ? [] : [reading.obstacle];
    const notes = lend(running);
    if (!isBelieved('status')) {
      faults.push("the router's program has not looked at anything for 30 seconds");
      tell('track', 1);
    }
    tell('standby', judged(running.config).every((status) => isBelieved(status, 'ready')) ? 0 : 1);
    reporter.report({ faults, notes }, running.fingerprint);
    await sleep(INTERVAL);
  }
  drop(running);
  say('keepalived has ended');
  exit(1);
}

function leave(): void {
  keepalived?.kill();
  keepalived?.wait();
  if (running) drop(running);
  exit(0);
}

/** Writes what keepalived reads, and gives it. */
function configure({ config, own }: Running): string {
  const text = keepalivedConfig(config, own, STATE_DIR);
  replaceFile(CONFIG, text);
  return text;
}

function command(): readonly string[] {
  const pids = Object.entries(PID_FILES).map(([option, file]) => `--${option}=${STATE_DIR}/${file}`);
  return ['keepalived', '--dont-fork', '--log-console', '--vrrp', `--use-file=${CONFIG}`, ...pids];
}

/** Lends the addresses that keepalived has given this router, and says what that means. */
function lend({ config, own }: Running): readonly string[] {
  const there = addressesNow();
  const held = heldBy(config, there);
  if (held.length === 0) return [];
  batch(loans(held));
  const silent = silentRouters(config, own.name, there);
  return [
    "this router has the gateway's addresses",
    ...silent.map((name) => `standby ${name}: not ready: nothing is heard of it`),
  ];
}

/** Takes away what keepalived has left behind. */
function drop({ config }: Running): void {
  const there = addressesNow();
  const text = removals(config, there);
  if (text !== '') batch(text);
  if (heldBy(config, there).length > 0) say('addresses of the gateway removed, which keepalived has left');
}

function batch(text: string): void {
  attempt(['ip', '-force', '-batch', '-'], { text: { text, folder: STATE_DIR } });
}

/** What a program has found is good for as long as its readiness is: one that has died says nothing more. */
function isBelieved(status: string, beginning = ''): boolean {
  const report = readReport(status);
  return report !== undefined && report.age <= BELIEVED_FOR && report.state.startsWith(beginning);
}

/** Tells keepalived a number: 0, or 1 for a fault. */
function tell(file: 'track' | 'standby', value: 0 | 1): void {
  const path = `${STATE_DIR}/${file}`;
  if (readLine(path) !== `${value}`) replaceFile(path, `${value}\n`);
}

/** It stays where there is one: whoever reads it may live on when keepalived is started again. */
function makeFifo(path: string): void {
  if (isFifo(path)) return;
  removeAll(path);
  attempt(['mkfifo', path]);
}
