import { CLIENT_ANNOTATION, NETWORKS_ANNOTATION } from '../krm/annotations.ts';
import { fileOf, type Identity, identityOf, type Item } from '../krm/item.ts';
import type { Problem, ResourceRef } from '../krm/problem.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import type { Workload } from './workload.ts';

/** Two networks select the same pods. */
export function claimedTwice({ item }: Workload, first: NetworkPlan, second: NetworkPlan): Problem {
  return refusal(
    item,
    `GatewayNetworks "${first.label}" and "${second.label}" both select it; it must be the client of one of them`,
  );
}

export function onHostNetwork({ item, path }: Workload, network: NetworkPlan): Problem {
  const problem = refusal(
    item,
    `GatewayNetwork "${network.label}" selects it, but pods with \`hostNetwork: true\` are on the node's network and cannot join`,
  );
  return { ...problem, field: { path: [...path, 'spec', 'hostNetwork'].join('.'), currentValue: true } };
}

/** The networks annotation is such that Multus could not read it either. */
export function unreadableAnnotation({ item, path, annotations }: Workload): Problem {
  const value = annotations[NETWORKS_ANNOTATION];
  const field = [...path, 'metadata', `annotations["${NETWORKS_ANNOTATION}"]`].join('.');
  const problem = refusal(
    item,
    `\`${field}\` must be a string of networks as Multus reads it, "name", "namespace/name@interface" and so on with commas between ` +
      `them, or a JSON list of objects with a \`name\`, not ${JSON.stringify(value)}`,
  );
  return { ...problem, field: { path: field, currentValue: value } };
}

export function notEditable(item: Item, reason: string): Problem {
  return refusal(item, `cannot be read or annotated: ${reason}`);
}

/** A choice of clients is for nothing. */
export function chosenNone(plan: NetworkPlan, index: number): Problem {
  const path = `spec.clients[${index}]`;
  return {
    code: 'NoClient',
    severity: 'warning',
    message: `\`${path}\` selects none of the workloads in the input`,
    ref: plan.ref,
    ...(plan.file && { file: plan.file }),
    field: { path },
  };
}

/** Clients of a network that is not in the input. */
export function orphanedClients(network: string, count: number): Problem {
  const them = count === 1 ? '1 workload keeps' : `${count} workloads keep`;
  return {
    code: 'Orphan',
    severity: 'warning',
    message:
      `GatewayNetwork "${network}" is not in the input, so ${them} its annotation: if the network is gone, take it out of ` +
      `\`${NETWORKS_ANNOTATION}\`, and the annotation \`${CLIENT_ANNOTATION}\` away`,
  };
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
