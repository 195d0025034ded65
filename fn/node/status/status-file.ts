import { containerStart, now, sleep, uptime } from '../system/clock.ts';
import { exists, isFolder, makeFolder, readFile, removeAll, replaceFile } from '../system/files.ts';
import { say, variable } from '../system/process.ts';
import { type Findings, formatReport, parseReport, type Report, stateOf } from './findings.ts';

/** The only folder that programs write to; all containers of a pod share it. */
export const STATE_DIR = variable('STATE_DIR') ?? '/run/gateway-network';
/** The file in it that says when the latest handshake of a router's tunnel was, in seconds since the epoch. */
export const HANDSHAKE = 'handshake';

/** How often a probe that waits looks again, in milliseconds. */
const GLANCE = 200;

/** How old a report may be before nobody believes it, in seconds. */
const READY_FOR = 30;
const ALIVE_FOR = 60;

/** How a program tells what it has found: by a line in the log where that has changed, and by its status file. */
export interface Reporter {
  readonly report: (findings: Findings, configuration?: string) => void;
}

/**
 * Begins anew. A container may be killed at any moment, and what it has left in {@link STATE_DIR} outlives it: the
 * files of these names are removed, for they must not be believed or be in the way. The status is replaced, so that
 * nobody finds none.
 */
export function begin(status: string, leftovers: readonly string[] = []): Reporter {
  makeFolder(STATE_DIR);
  const path = `${STATE_DIR}/${status}`;
  // A report of the second in which the container was started may be a predecessor's: this one's is dated later.
  const first = containerStart() + 1;
  for (const name of [`${status}.new`, ...leftovers]) removeAll(`${STATE_DIR}/${name}`);
  if (isFolder(path)) removeAll(path);
  const write = (state: string, configuration: string | undefined) => {
    const since = Math.max(Math.floor(uptime()), first);
    replaceFile(path, formatReport({ since, state, configuration }));
  };
  write('not ready: no check has been made yet', undefined);
  let said = '';
  return {
    report: (findings, configuration) => {
      const state = stateOf(findings);
      if (state !== said) say(state);
      said = state;
      write(state, configuration);
    },
  };
}

/** What another program of the pod says of itself; nothing where that cannot be believed. */
export function readReport(status: string): (Report & { readonly age: number }) | undefined {
  const time = uptime();
  const report = parseReport(readFile(`${STATE_DIR}/${status}`) ?? '', time);
  return report && { ...report, age: Math.floor(time) - report.since };
}

/** Whether a program has said something of itself at all. */
export function hasReport(status: string): boolean {
  return exists(`${STATE_DIR}/${status}`);
}

/**
 * The readiness probe: says what the program has found, and whether it is ready. To run a command in a container costs
 * many times what this does, so one is run seldom, and waits so many seconds for what is not ready yet.
 */
export async function ready(status: string, seconds: number): Promise<boolean> {
  const deadline = now() + seconds * 1000;
  for (;;) {
    const answer = readiness(status);
    if (answer.isReady || now() >= deadline) {
      say(answer.text);
      return answer.isReady;
    }
    await sleep(GLANCE);
  }
}

function readiness(status: string): { readonly isReady: boolean; readonly text: string } {
  const { state, configuration } = lastState(status);
  const text = configuration === undefined ? state : `${state} (configuration ${configuration})`;
  return { isReady: state.startsWith('ready'), text };
}

/** What a program has found at last, unless that is too old to be believed. */
export function lastState(status: string): { readonly state: string; readonly configuration?: string } {
  const { report, obstacle } = recent(status, READY_FOR);
  if (report === undefined) return { state: obstacle };
  const { state, configuration } = report;
  return { state, ...(configuration !== undefined && { configuration }) };
}

/** The liveness probe. */
export function alive(status: string): boolean {
  const { report, obstacle } = recent(status, ALIVE_FOR);
  if (report === undefined) say(obstacle);
  return report !== undefined;
}

/** This container's report, unless it is older than so many seconds, or why there is none to believe. */
function recent(status: string, seconds: number): { readonly report?: Report; readonly obstacle: string } {
  const report = readReport(status);
  if (report === undefined || report.since <= containerStart()) {
    return { obstacle: 'not ready: no check has been made yet' };
  }
  const obstacle = `not ready: the last check was ${report.age} seconds ago`;
  return report.age <= seconds ? { report, obstacle } : { obstacle };
}
