import type { V1Pod } from '@kubernetes/client-node';
import type { Executed } from '../cluster/cluster-client.ts';
import type { Observation } from '../cluster/observation.ts';
import type { AskedProgram, ProgramAnswer } from '../cluster/program-answers.ts';
import type { ProgramReport } from '../node/config/report.ts';
import { fieldsOf, textsOf } from '../yaml/fields.ts';
import { oneLine } from './events.ts';
import type { Told } from './network-status.ts';
import { componentOf, labelOf, type NetworkId, ownedBy } from './owner.ts';

/** What programs have told, by the namespace and name of the pod. */
export type AllTold = ReadonlyMap<string, Told>;

export const NONE_TOLD: AllTold = new Map();

/** The components whose programs can be asked, by their containers of the same name. */
const ASKED = ['node-agent', 'router'];

/** The programs of a network that run, and how each is asked how it is. */
export function programsOf(network: NetworkId, { pods }: Observation): readonly AskedProgram[] {
  return ownedBy(network, pods).flatMap((pod) => {
    const component = componentOf(pod) ?? '';
    const { namespace = '', name = '', deletionTimestamp } = pod.metadata ?? {};
    if (!ASKED.includes(component) || deletionTimestamp !== undefined || !runs(pod, component)) return [];
    return { namespace, pod: name, container: component, command: ['gateway-network', component, 'report'] };
  });
}

function runs({ status }: V1Pod, container: string): boolean {
  if (status?.phase !== 'Running') return false;
  const found = status.containerStatuses?.find(({ name }) => name === container);
  return found?.state?.running !== undefined;
}

/** What their answers tell. */
export function allTold(answers: readonly ProgramAnswer[]): AllTold {
  return new Map(
    answers.map((answer) => [
      labelOf({ namespace: answer.namespace, name: answer.pod }),
      'unasked' in answer ? { unasked: answer.unasked } : toldIn(answer.executed),
    ]),
  );
}

function toldIn({ status, stdout, stderr }: Executed): Told {
  const report = status === 0 ? reportIn(stdout) : undefined;
  if (report !== undefined) return { report };
  const words = oneLine(`${stdout} ${stderr}`);
  if (words.startsWith('report: must be ')) return { unasked: 'its image is of a release that cannot be asked' };
  return { unasked: `the program has ended with ${status}: ${words}` };
}

export function toldBy({ metadata }: V1Pod, told: AllTold): Told {
  return told.get(`${metadata?.namespace}/${metadata?.name}`) ?? {};
}

/** Reads a {@link ProgramReport}, and nothing of what is not known here; nothing where it is none. */
export function reportIn(text: string): ProgramReport | undefined {
  const { state, configuration, drops, peers, egress, handshakeAge } = objectIn(text);
  if (typeof state !== 'string') return undefined;
  const { interface: device, addresses } = fieldsOf(egress);
  const counts = Object.entries(fieldsOf(drops));
  return {
    state,
    ...(typeof configuration === 'string' && { configuration }),
    drops: Object.fromEntries(counts.filter((entry): entry is [string, number] => typeof entry[1] === 'number')),
    ...(typeof peers === 'number' && { peers }),
    ...(typeof device === 'string' && { egress: { interface: device, addresses: textsOf(addresses) } }),
    ...(typeof handshakeAge === 'number' && { handshakeAge }),
  };
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return {};
  }
}
