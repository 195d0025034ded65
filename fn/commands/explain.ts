import { existsSync } from 'node:fs';
import { isRendered, type Manifest } from '../changes/manifest.ts';
import { sideOf } from '../changes/side.ts';
import type { Explanation } from '../explain/explanation.ts';
import { explain as explainPacket } from '../explain/explain.ts';
import { Unreadable } from '../explain/network-facts.ts';
import { type Packet, PROTOCOLS, type Protocol } from '../explain/packet.ts';
import { formatExplanation } from '../explain/text.ts';
import { isManifest } from '../files/manifest-file.ts';
import { UsageError } from '../files/usage-error.ts';
import { hasErrors } from '../krm/problem.ts';
import { CLIENT_ANNOTATION } from '../marks.ts';
import { formatAddress, parseAddress } from '../net/address.ts';
import { parsePorts } from '../net/ports.ts';
import { run } from '../run.ts';
import { type ClusterOptions, questionOf } from './cluster-options.ts';
import { EXIT, report } from './exit.ts';
import { print } from './output.ts';
import { paintOfOutput } from './paint.ts';
import { readPaths } from './read-path.ts';

/** The options of the verb. */
export interface ExplainOptions extends ClusterOptions {
  readonly output: 'text' | 'json';
  readonly protocol?: Protocol;
  readonly port?: string;
  /** Of the workloads in files, only this one: `NAME` or `NAMESPACE/NAME`. */
  readonly workload?: string;
  /** The namespace of the pod. */
  readonly namespace?: string;
}

/** The first 96 bits of an IPv4 address that a program writes as IPv6 (RFC 4291, section 2.5.5.2). */
const MAPPED = 0xffffn;
/** What may be in the name of a pod, or of a namespace. */
const POD = /^[a-z0-9][a-z0-9.-]*$/;
/** The packet is dropped. */
const DROPPED = 1;

/**
 * Prints which way a packet takes, and why: from the workloads in files, or from a pod of the cluster.
 * @throws {@link UsageError} for what is no address, and where there is no such pod or workload
 */
export async function explain(from: string, destination: string, options: ExplainOptions): Promise<void> {
  const packet = packetOf(destination, options);
  const isPath = from === '-' || existsSync(from);
  const explanations = isPath ? await ofFiles(from, packet, options) : await ofPod(from, packet, options);
  if (explanations === undefined) {
    process.exitCode = EXIT.USAGE;
    return;
  }
  if (explanations.some(({ outcome }) => outcome === 'dropped')) process.exitCode = DROPPED;
  if (options.output === 'json') return print(`${JSON.stringify({ explanations }, null, 2)}\n`);
  const paint = paintOfOutput();
  await print(explanations.map((one) => formatExplanation(one, paint)).join('\n'));
}

function packetOf(text: string, { protocol, port }: ExplainOptions): Packet {
  const destination = parseAddress(text);
  if (destination === undefined) {
    throw new UsageError(
      `the destination '${text}' is no IP address: names lead to different addresses in different places, so give one of them`,
    );
  }
  const { family, value } = destination;
  if (family === 'IPv6' && value >> 32n === MAPPED) {
    const meant = formatAddress({ family: 'IPv4', value: value & 0xffff_ffffn });
    throw new UsageError(`the destination '${text}' is sent as IPv4: give ${meant}`);
  }
  if (port === undefined) return { destination, ...(protocol && { protocol }) };
  const [ports] = [parsePorts(port)];
  if (ports === undefined || ports.first !== ports.last) {
    throw new UsageError(`--port '${port}' is no port: it must be a number from 1 to 65535`);
  }
  if (protocol === 'ICMP') throw new UsageError('--port is for TCP, UDP and SCTP: ICMP has no ports');
  if (protocol === undefined) throw new UsageError(`--port needs --protocol: ${PROTOCOLS.slice(0, -1).join(', ')}`);
  return { destination, protocol, port: ports.first };
}

/** Nothing where the input has errors, which are then reported. */
async function ofFiles(path: string, packet: Packet, { workload }: ExplainOptions) {
  const outcome = run(await readPaths([path]));
  const errors = outcome.problems.filter(({ severity }) => severity === 'error');
  if (hasErrors(errors)) {
    report(errors);
    return undefined;
  }
  const { manifests } = sideOf(outcome, undefined);
  const senders = manifests.filter((one) => !isRendered(one) && (workload === undefined || isNamed(one, workload)));
  if (workload !== undefined && senders.length === 0) {
    throw new UsageError(`${path} has no workload '${workload}': --workload must be NAME or NAMESPACE/NAME`);
  }
  return explainPacket(manifests, senders, packet, workload === undefined);
}

function isNamed({ metadata: { namespace, name } }: Manifest, wanted: string): boolean {
  return wanted === name || wanted === `${namespace}/${name}`;
}

async function ofPod(pod: string, packet: Packet, options: ExplainOptions): Promise<readonly Explanation[]> {
  const [name = '', namespace = options.namespace ?? 'default', ...rest] = pod.split('/').toReversed();
  if (rest.length > 0 || !POD.test(name) || !POD.test(namespace)) {
    throw new UsageError(`'${pod}' is no file, and no pod: it must be NAME or NAMESPACE/NAME`);
  }
  const { written } = await import('../cluster/observe.ts');
  const answer = await written(questionOf(options), undefined, [{ apiVersion: 'v1', kind: 'Pod', namespace, name }]);
  if ('refusal' in answer) {
    throw new UsageError(isManifest(pod) ? `there is no file '${pod}', and ${answer.refusal}` : answer.refusal);
  }
  const manifests = answer.objects as readonly Manifest[];
  const senders = manifests.filter(({ kind }) => kind === 'Pod');
  if (senders.length === 0) {
    throw new UsageError(
      `there is no file '${pod}', and the cluster at ${answer.server} has no pod ${namespace}/${name}`,
    );
  }
  try {
    const explanations = explainPacket(manifests, senders, packet, false);
    requireKnown(senders, explanations);
    return explanations;
  } catch (error) {
    if (error instanceof Unreadable) throw new UsageError(error.message);
    throw error;
  }
}

/** @throws {@link UsageError} for a client of which nothing is known, whose way would be told as that of a stranger */
function requireKnown(senders: readonly Manifest[], explanations: readonly Explanation[]): void {
  const [mark] = senders.flatMap(({ metadata }) => metadata.annotations?.[CLIENT_ANNOTATION] ?? []);
  if (mark === undefined || explanations.some(({ network }) => network !== undefined)) return;
  throw new UsageError(
    `the pod is a client of the network ${mark}, and the cluster has no attachment of it that the pod asks for: apply all manifests of the network`,
  );
}
