import type { V1MatchCondition, V1MatchResources } from '@kubernetes/client-node';
import { NETWORK_LABEL } from '../marks.ts';
import { isEmptySelector } from '../plan/clients.ts';
import type { ClientsPlan, NetworkPlan } from '../plan/network-plan.ts';
import { labelSelector } from './label-selector.ts';

type Operation = 'CREATE' | 'UPDATE';

/** All pods. */
export function pods(operations: readonly Operation[]): V1MatchResources {
  return {
    resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: [...operations], resources: ['pods'] }],
  };
}

/** The pods that an entry of `spec.clients` selects. The API server compares labels by itself, without CEL. */
export function selectedPods(choice: ClientsPlan, operations: readonly Operation[]): V1MatchResources {
  const { namespaces, namespaceSelector } = choice;
  const named =
    namespaces.type === 'All'
      ? []
      : [{ key: 'kubernetes.io/metadata.name', operator: 'In' as const, values: namespaces.names }];
  const inNamespaces = { ...namespaceSelector, expressions: [...named, ...namespaceSelector.expressions] };
  return {
    ...pods(operations),
    ...(!isEmptySelector(inNamespaces) && { namespaceSelector: labelSelector(inNamespaces) }),
    ...(!isEmptySelector(choice) && { objectSelector: labelSelector(choice) }),
  };
}

/**
 * Leaves out the pods of the network itself. The label alone does not do: anybody may set it, but the namespace of the
 * network is not anybody's.
 */
export function notOfTheNetwork({ namespace }: NetworkPlan): V1MatchCondition {
  return {
    name: 'not-of-the-network',
    expression: `request.namespace != "${namespace}" || !("${NETWORK_LABEL}" in object.metadata.?labels.orValue({}))`,
  };
}
