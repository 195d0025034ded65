import { CLIENT_ANNOTATION, NETWORKS_ANNOTATION } from '../marks.ts';
import { refOf } from '../krm/identity.ts';
import { fileOf, type Identity, identityOf, type Item } from '../krm/item.ts';
import type { Problem } from '../krm/problem.ts';
import { LIMITS } from '../yaml/limits.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import type { SeveralPods } from './pod-count.ts';
import type { Option } from './options.ts';
import type { OptionConflict } from './pod-spec.ts';
import type { Workload } from './workload.ts';

/** The most objects that a message names; further ones are counted. */
const NAMED = 10;

/** Two networks select the same pods. */
export function selectedByTwoNetworks({ item }: Workload, first: NetworkPlan, second: NetworkPlan): Problem {
  return refusal(
    item,
    `GatewayNetworks "${first.label}" and "${second.label}" both select it; a workload can be a client of only one of them`,
  );
}

export function onHostNetwork({ item, path }: Workload, network: NetworkPlan): Problem {
  const problem = refusal(
    item,
    `GatewayNetwork "${network.label}" selects it, but pods with \`hostNetwork: true\` are on the node's network and cannot join: remove that field, or narrow the selector`,
  );
  return { ...problem, field: { path: [...path, 'spec', 'hostNetwork'].join('.'), currentValue: true } };
}

/** Pods for Windows: the network's programs and CNI plugins are for Linux. */
export function onWindows(
  { item, path }: Workload,
  network: NetworkPlan,
  [field, value]: readonly [string, string],
): Problem {
  const name = [...path, 'spec', field].join('.');
  const problem = refusal(
    item,
    `GatewayNetwork "${network.label}" selects it, but \`${name}\` is ${JSON.stringify(value)}, and only Linux pods can join: narrow the selector`,
  );
  return { ...problem, field: { path: name, currentValue: value } };
}

/** The workload sets a field that an option of the network needs. */
export function optionConflict(
  { item }: Workload,
  network: NetworkPlan,
  { option, path, value }: OptionConflict,
): Problem {
  const [field, otherwise] = OPTION_REMEDIES[option];
  const problem = refusal(
    item,
    `\`${path}\` must be absent, because GatewayNetwork "${network.label}" sets it: remove it, or ${otherwise} with \`${field}\` for this workload`,
  );
  return { ...problem, field: { path, ...(value !== undefined && { currentValue: value }) } };
}

const OPTION_REMEDIES: Readonly<Record<Option, readonly [string, string]>> = {
  guard: ['guard: Disabled', 'go without the guard'],
  dns: ['dns: Cluster', 'use the DNS of the cluster'],
  inbound: ['preserveInbound: Disabled', 'give up inbound connections'],
};

/** The pod's DNS search domains contain its namespace, so it must be known. */
export function withoutNamespace({ item }: Workload, network: NetworkPlan): Problem {
  const problem = refusal(
    item,
    `\`metadata.namespace\` must be set: GatewayNetwork "${network.label}" has \`dns: Gateway\` for it, and the search domains of its pods contain their namespace`,
  );
  return { ...problem, field: { path: 'metadata.namespace' } };
}

/** The workload has no pod `spec` that options could change. */
export function withoutSpec({ item, path }: Workload, network: NetworkPlan, options: readonly Option[]): Problem {
  const field = [...path, 'spec'].join('.');
  const otherwise = options.map((option) => `\`${OPTION_REMEDIES[option][0]}\``).join(' and ');
  const problem = refusal(
    item,
    `\`${field}\` must be the \`spec\` of a pod, because GatewayNetwork "${network.label}" sets fields in it: correct it, or select it with ${otherwise}`,
  );
  return { ...problem, field: { path: field } };
}

/** Two entries give the pod fixed addresses. */
export function addressedByTwoEntries({ item }: Workload, network: NetworkPlan, indices: readonly number[]): Problem {
  const fields = indices.map((index) => `\`spec.clients[${index}].addresses\``).join(' and ');
  return refusal(item, `${fields} of GatewayNetwork "${network.label}" both give it addresses; only one entry may`);
}

/** An entry with fixed addresses selects more than one workload. */
export function addressesForSeveral(plan: NetworkPlan, index: number, items: readonly Item[]): Problem {
  const path = `spec.clients[${index}].addresses`;
  const more = items.length > NAMED ? ` and ${items.length - NAMED} more` : '';
  const names = items.slice(0, NAMED).map(describe).join(', ');
  const message = `\`${path}\` must belong to one workload, but the entry selects ${items.length}: ${names}${more}`;
  return { code: 'ClientConflict', severity: 'error', message, ref: plan.ref, ...fileIn(plan), field: { path } };
}

/** A workload with fixed addresses may have, or has, more than one pod. */
export function severalPods({ item }: Workload, network: NetworkPlan, { path, value, must }: SeveralPods): Problem {
  const problem = refusal(
    item,
    `\`${path}\` must be ${must}, not ${JSON.stringify(value)}: GatewayNetwork "${network.label}" gives it fixed addresses, which only one pod can have`,
  );
  return { ...problem, field: { path, currentValue: value } };
}

/** During an update the new pod of a Deployment starts before the old one ends. */
export function surges({ item }: Workload, network: NetworkPlan): Problem {
  const message =
    `GatewayNetwork "${network.label}" gives it fixed addresses: in an update the new pod waits for the addresses of the old one, and the old one waits for the new one; ` +
    'set `spec.strategy.type` to "Recreate", or `spec.strategy.rollingUpdate.maxSurge` to 0';
  return { ...refusal(item, message), code: 'Advice', severity: 'warning', field: { path: 'spec.strategy' } };
}

/** The workload requests the shared attachment, which would give it other addresses. */
export function requestsSharedAttachment({ item }: Workload, network: NetworkPlan): Problem {
  const message =
    `\`${NETWORKS_ANNOTATION}\` requests the shared attachment of GatewayNetwork "${network.label}", which gives it fixed addresses: ` +
    'remove the network from the annotation; it is added automatically';
  return refusal(item, message);
}

/** Multus could not read the networks annotation either. */
export function unreadableAnnotation({ item, path, annotations }: Workload): Problem {
  const value = annotations[NETWORKS_ANNOTATION];
  const field = [...path, 'metadata', `annotations["${NETWORKS_ANNOTATION}"]`].join('.');
  const problem = refusal(
    item,
    `\`${field}\` must be networks as Multus reads them: "name" or "namespace/name@interface", with commas between ` +
      `them, or a JSON list of objects with a \`name\`, not ${JSON.stringify(value)}`,
  );
  return { ...problem, field: { path: field, currentValue: value } };
}

export function notEditable(item: Item, reason: string): Problem {
  return refusal(item, `cannot be read or annotated: ${reason}`);
}

/** An entry of `spec.clients` selects no workload. */
export function selectsNothing(plan: NetworkPlan, index: number): Problem {
  const path = `spec.clients[${index}]`;
  return {
    code: 'NoClient',
    severity: 'warning',
    message: `\`${path}\` selects none of the workloads in the input`,
    ref: plan.ref,
    ...fileIn(plan),
    field: { path },
  };
}

/** Workloads of which nobody can tell whether an entry selects them by the labels of their namespace. */
export interface UnknownNamespace {
  readonly plan: NetworkPlan;
  readonly index: number;
  /** Empty where the workloads name none. */
  readonly namespace: string;
  readonly count: number;
}

export function unknownNamespace({ plan, index, namespace, count }: UnknownNamespace): Problem {
  const path = `spec.clients[${index}].namespaceSelector`;
  const them = count === 1 ? '1 workload' : `${count} workloads`;
  const [what, remedy] =
    namespace === ''
      ? [`${them} without \`metadata.namespace\``, 'set it']
      : [
          `${them} in namespace "${namespace}", whose labels are not known`,
          'add the Namespace object to the input, select the namespace by its name with `namespaces`, or use `join: Admission`',
        ];
  const message = `\`${path}\` cannot be compared for ${what}, so their traffic could bypass the gateway: ${remedy}`;
  return { code: 'NoClient', severity: 'error', message, ref: plan.ref, ...fileIn(plan), field: { path } };
}

function fileIn({ file }: NetworkPlan): Pick<Problem, 'file'> {
  return file ? { file } : {};
}

function describe(item: Item): string {
  const { kind, namespace, name } = identityOf(item) ?? { kind: '', namespace: '', name: '' };
  return `${kind} "${namespace === '' ? name : `${namespace}/${name}`}"`;
}

/** Clients of a network that is not in the input. */
export function orphanedClients(network: string, count: number): Problem {
  const them = count === 1 ? '1 workload keeps' : `${count} workloads keep`;
  return {
    code: 'Orphan',
    severity: 'warning',
    message:
      `GatewayNetwork "${network}" is not in the input, so ${them} its annotation: if the network was deleted, remove it from ` +
      `\`${NETWORKS_ANNOTATION}\`, and remove the annotation \`${CLIENT_ANNOTATION}\`, or the post-renderer that holds it`,
  };
}

/** There are more clients than the limit. */
export function tooManyClients({ item }: Workload): Problem {
  const message = `the networks of the input must not have more than ${LIMITS.CLIENTS} clients together, and this is one more: split the input`;
  return { ...refusal(item, message), code: 'UnreadableInput' };
}

function refusal(item: Item, message: string): Problem {
  return objectProblem(item, identityOf(item), message);
}

/** A conflict of the item's object, or of one in its list. */
export function objectProblem(item: Item, identity: Identity | undefined, message: string): Problem {
  const file = fileOf(item);
  return {
    code: 'ClientConflict',
    severity: 'error',
    message,
    ...(identity && { ref: refOf(identity) }),
    ...(file && { file }),
  };
}
