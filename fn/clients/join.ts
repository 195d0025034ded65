import { setAnnotation } from '../krm/annotate.ts';
import { CLIENT_ANNOTATION, NETWORKS_ANNOTATION } from '../krm/annotations.ts';
import type { Changes, Input } from '../krm/input.ts';
import { fileOf, type Identity, identityOf, type Item, ItemUnreadable, mentions, textOf } from '../krm/item.ts';
import { NotEditable } from '../krm/edit/object-text.ts';
import type { Problem, ResourceRef } from '../krm/problem.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { parseNetworks, referenceTo, refersTo } from './networks-annotation.ts';
import { mightSelect, selects } from './selector.ts';
import { podPath, readWorkload, type Workload } from './workload.ts';

export interface Joined {
  readonly edited: Changes['edited'];
  readonly problems: readonly Problem[];
  /** How many workloads of the input are clients of each network. */
  readonly clients: ReadonlyMap<NetworkPlan, number>;
}

/**
 * Gives the workloads that a network selects its annotation, and takes it from those that are no longer selected but carry our
 * mark. A workload that asks for other networks of its own is refused rather than changed.
 */
export function joinClients(input: Input, plans: readonly NetworkPlan[]): Joined {
  const edited = new Map<Item, string>();
  const problems: Problem[] = [];
  const clients = new Map(plans.map((plan) => [plan, 0]));
  for (const item of candidates(input, plans)) {
    try {
      const workload = readWorkload(item);
      if (workload === undefined || workload.rendered) continue;
      const networks = plans.filter((plan) => plan.clients.some((choice) => selects(choice, workload)));
      for (const network of networks) clients.set(network, (clients.get(network) ?? 0) + 1);
      const conflict = findConflict(workload, networks);
      const text = conflict === undefined ? annotate(workload, networks[0]) : undefined;
      if (conflict !== undefined) problems.push(refusal(item, conflict));
      if (text !== undefined) edited.set(item, text);
    } catch (error) {
      if (!(error instanceof ItemUnreadable || error instanceof NotEditable)) throw error;
      problems.push(refusal(item, `cannot be read or annotated: ${error.message}`));
    }
  }
  return { edited, problems: [...problems, ...unmatched(plans, clients)], clients };
}

/** The workloads that may be clients, or carry the mark of one; only these are parsed. */
function candidates(input: Input, plans: readonly NetworkPlan[]): readonly Item[] {
  const choices = plans.flatMap((plan) => plan.clients);
  return input.items.filter((item) => {
    const identity = identityOf(item);
    if (identity === undefined || podPath(identity) === undefined) return false;
    return mentions(item, CLIENT_ANNOTATION) || choices.some((choice) => mightSelect(choice, item));
  });
}

/** Why a workload cannot be what the networks want it to be. */
function findConflict(workload: Workload, [network, second]: readonly NetworkPlan[]): string | undefined {
  const { annotations, identity } = workload;
  const written = annotations[NETWORKS_ANNOTATION];
  const references = parseNetworks(written);
  const ours = annotations[CLIENT_ANNOTATION] !== undefined && references?.length === 1;
  if (network === undefined) {
    return written === undefined || ours
      ? undefined
      : `no GatewayNetwork selects it any more, but its annotation \`${NETWORKS_ANNOTATION}\` was changed to ${JSON.stringify(written)}; ` +
          `take the network out of it, and the annotation \`${CLIENT_ANNOTATION}\` away`;
  }
  if (second !== undefined) {
    return `GatewayNetworks "${network.label}" and "${second.label}" both select it; it must be the client of one of them`;
  }
  if (workload.hostNetwork) {
    return `GatewayNetwork "${network.label}" selects it, but pods with \`hostNetwork: true\` are on the node's network and cannot join`;
  }
  if (written === undefined || ours || references?.some((entry) => refersTo(entry, network, identity.namespace))) {
    return undefined;
  }
  return (
    `GatewayNetwork "${network.label}" selects it, but its annotation \`${NETWORKS_ANNOTATION}\` is already ${JSON.stringify(written)}; ` +
    `add "${referenceTo(network, identity.namespace)}" to it`
  );
}

/** The workload's text with the annotation that it should have; undefined where it has it. */
function annotate(
  { item, metadataPath, annotations, identity }: Workload,
  network: NetworkPlan | undefined,
): string | undefined {
  const marked = annotations[CLIENT_ANNOTATION] !== undefined;
  if (!marked && annotations[NETWORKS_ANNOTATION] !== undefined) return undefined;
  const before = textOf(item);
  const reference = network && referenceTo(network, identity.namespace);
  const after = setAnnotation(
    setAnnotation(before, metadataPath, NETWORKS_ANNOTATION, reference),
    metadataPath,
    CLIENT_ANNOTATION,
    network?.label,
  );
  return after === before ? undefined : after;
}

function unmatched(plans: readonly NetworkPlan[], clients: Joined['clients']): readonly Problem[] {
  return plans
    .filter((plan) => plan.clients.length > 0 && clients.get(plan) === 0)
    .map((plan) => ({
      code: 'NoClient',
      severity: 'warning',
      message: '`spec.clients` selects none of the workloads in the input',
      ref: plan.ref,
      ...(plan.file && { file: plan.file }),
      field: { path: 'spec.clients' },
    }));
}

function refusal(item: Item, message: string): Problem {
  const identity = identityOf(item);
  const file = fileOf(item);
  return {
    code: 'ClientConflict',
    severity: 'error',
    message,
    ...(identity && { ref: refOf(identity) }),
    ...(file && { file }),
  };
}

function refOf({ namespace, ...identity }: Identity): ResourceRef {
  return { ...identity, ...(namespace !== '' && { namespace }) };
}
