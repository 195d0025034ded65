import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { ClusterClient } from '../cluster/cluster-client.ts';
import type { Observation } from '../cluster/observation.ts';
import { UsageError } from '../files/usage-error.ts';
import { isWell, type NetworkStatus } from '../status/network-status.ts';
import { labelOf } from '../status/owner.ts';
import { statusOf } from '../status/status.ts';
import type { Report } from '../verify/check.ts';
import { formatJunit } from '../verify/junit.ts';
import type { Stage } from '../verify/manifests.ts';
import { testRange } from '../verify/range.ts';
import { build, clear, policiesOf, removeLeftovers } from '../verify/site.ts';
import { type Subject, subjectOf } from '../verify/subject.ts';
import { parseTarget, type Target } from '../verify/target.ts';
import { formatReport } from '../verify/text.ts';
import { MOST_NODES, verify } from '../verify/verify.ts';
import { questionOf } from './cluster-options.ts';
import { EXIT } from './exit.ts';
import { Interrupted, interruption } from './interruption.ts';
import { type NetworksOptions, networksWanted } from './networks-wanted.ts';
import { print } from './output.ts';
import { paintOfOutput } from './paint.ts';

const STDERR = 2;
/** How long packets are counted, in seconds, unless the user says otherwise. */
const SECONDS = { calm: 10, disrupted: 60 } as const;
const LEAST_SECONDS = { calm: 3, disrupted: 20 } as const;
/** How long all else takes at most, in seconds: pods that are forgotten end by themselves after that. */
const REST = 600;

/** The options of the verb. */
export interface TestOptions extends NetworksOptions {
  readonly output: 'text' | 'json' | 'junit';
  readonly target?: string;
  readonly duration?: string;
  readonly nodes: string;
  readonly disrupt?: boolean;
}

/** What the options mean. */
interface Wishes {
  readonly target: Target | undefined;
  readonly seconds: number;
  readonly mostNodes: number;
  readonly disrupts: boolean;
}

/**
 * Tests gateway networks of the cluster with pods of its own, and prints the results.
 * @throws {@link UsageError} where the cluster cannot be asked, has no such network, or it must not be disrupted
 */
export async function test(network: string | undefined, options: TestOptions): Promise<void> {
  const wishes = wishesOf(options);
  // A file of its own beside the program, as for `status`.
  const { open } = await import('../cluster/observe.ts');
  const opened = await open(questionOf(options));
  if ('refusal' in opened) throw new UsageError(opened.refusal);
  const { client, reasonOf } = opened;
  try {
    const subjects = await subjectsOf(network, options, wishes);
    for (const name of await removeLeftovers(client, Date.now())) {
      say(`removed the namespace ${name}, which a test has left behind`);
    }
    const reports: Report[] = [];
    for (const subject of subjects) reports.push(await testOne(client, subject, wishes));
    if (reports.some(({ ok }) => !ok)) process.exitCode = EXIT.PROBLEMS;
    await print(formatted(reports, options.output));
  } catch (error) {
    const reason = reasonOf(error);
    if (reason !== undefined) throw new UsageError(reason);
    if (error instanceof Interrupted) process.exit(error.status);
    throw error;
  }
}

async function subjectsOf(
  network: string | undefined,
  options: TestOptions,
  { disrupts }: Wishes,
): Promise<readonly Subject[]> {
  const { networks, observation } = await networksWanted(network, options);
  const statuses = networks.map((one) => statusOf(one, observation, Date.now()));
  if (disrupts) statuses.forEach(refuseUnlessWell);
  return statuses.map((status) => subjectIn(status, observation));
}

function subjectIn(status: NetworkStatus, observation: Observation): Subject {
  const found = subjectOf(status, observation);
  if ('refusal' in found) throw new UsageError(found.refusal);
  if (found.subject.nodes.length === 0) {
    throw new UsageError(`no node of the network ${labelOf(status)} is ready: see \`gateway-network-fn status\``);
  }
  return found.subject;
}

/** A router is killed only where all is well before, so that what is seen is the failover's. */
function refuseUnlessWell(status: NetworkStatus): void {
  const { ok, problems, agents, routers, absent } = status;
  const members = [...(agents?.pods ?? []), ...routers.flatMap(({ pods }) => pods)];
  const [reason] = [
    ...problems,
    ...members.filter((one) => !isWell(one)).map(({ pod, reason: why = 'not ready' }) => `${pod}: ${why}`),
    ...absent
      .filter(({ starting }) => !starting)
      .map(({ namespace, pod, reason: why }) => `${namespace}/${pod}: ${why}`),
    ...(routers.some(({ active }) => active === true) ? [] : ['it is not known which router is active']),
  ];
  if (ok && reason === undefined) return;
  throw new UsageError(
    `--disrupt is only for a network that is well, and ${labelOf(status)} is not: ${reason ?? 'see status'}`,
  );
}

/** Tests one network in a namespace of its own, which has gone at the end, whatever happens. */
async function testOne(client: ClusterClient, subject: Subject, wishes: Wishes): Promise<Report> {
  const id = randomBytes(4);
  const stage: Stage = {
    namespace: `gateway-network-test-${id.toString('hex')}`,
    subject,
    nodes: subject.nodes.slice(0, wishes.mostNodes),
    range: testRange(subject, id.readUInt32BE()),
    deadline: wishes.seconds + REST,
    hasPolicies: (await policiesOf(client, subject)).length > 0,
  };
  const removal = `kubectl delete namespace ${stage.namespace}`;
  const { interrupted, forget } = interruption(() => say(`interrupted again: what is left is removed by: ${removal}`));
  say(`testing ${labelOf(subject)} in the namespace ${stage.namespace}; if this is killed, remove it: ${removal}`);
  let work: Promise<Report> | undefined;
  try {
    // The namespace is made to its end before it is removed.
    await build(client, stage);
    work = verify(client, stage, wishes, progress);
    return await Promise.race([work, interrupted]);
  } finally {
    // What goes on after a signal fails without its pods.
    work?.catch(() => undefined);
    progress(`removing the namespace ${stage.namespace}`);
    const isGone = await clear(client, stage.namespace).catch(() => false);
    if (!isGone) say(`the namespace ${stage.namespace} has not gone yet; remove it: ${removal}`);
    forget();
  }
}

function formatted(reports: readonly Report[], output: TestOptions['output']): string {
  if (output === 'json') return `${JSON.stringify({ networks: reports }, null, 2)}\n`;
  if (output === 'junit') return formatJunit(reports);
  const paint = paintOfOutput();
  return reports.map((report) => formatReport(report, paint)).join('\n');
}

function wishesOf({ target, duration, nodes, disrupt = false }: TestOptions): Wishes {
  const parsed = target === undefined ? undefined : parseTarget(target);
  if (target !== undefined && parsed === undefined) {
    throw new UsageError(
      `--target '${target}' is no server: it must be http://HOST[:PORT][/PATH] or HOST:PORT, without TLS`,
    );
  }
  const kind = disrupt ? 'disrupted' : 'calm';
  return {
    target: parsed,
    seconds: numberOf('--duration', duration ?? String(SECONDS[kind]), LEAST_SECONDS[kind], 3600),
    mostNodes: numberOf('--nodes', nodes, 1, MOST_NODES),
    disrupts: disrupt,
  };
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : undefined;
  if (number !== undefined && least <= number && number <= most) return number;
  throw new UsageError(`${option} '${text}' must be a number from ${least} to ${most}`);
}

/** Tells what happens just now, at a terminal. */
function progress(text: string): void {
  if (isatty(STDERR)) say(`${text} ...`);
}

function say(text: string): void {
  try {
    writeSync(STDERR, `${text}\n`);
  } catch {
    // It is closed.
  }
}
