import type { V1Node, V1PodSpec, V1Taint, V1Toleration } from '@kubernetes/client-node';
import { matches } from '../status/selector.ts';
import { itemsOf } from './check.ts';
import { type Network, podsOf } from './network.ts';
import type { Facts } from '../cluster/facts.ts';

/** The nodes that a pod may run on, by its selectors and tolerations; one of a DaemonSet also on cordoned ones. */
export function nodesFor(pod: V1PodSpec, nodes: readonly V1Node[], ofDaemonSet: boolean): readonly V1Node[] {
  return nodes.filter((node) => isChosen(pod, node) && isTolerated(pod, node, ofDaemonSet));
}

/** The nodes that networks span; without networks, all of Linux. */
export function spannedNodes({ nodes }: Facts, networks: readonly Network[]): readonly V1Node[] {
  const all = itemsOf(nodes).filter(({ metadata }) => (metadata?.labels?.['kubernetes.io/os'] ?? 'linux') === 'linux');
  if (networks.length === 0) return all;
  return all.filter((node) =>
    networks.some((network) => {
      const agents = network.agents?.spec?.template.spec;
      return agents === undefined
        ? podsOf(network).some((pod) => isChosen(pod, node))
        : nodesFor(agents, [node], true).length > 0;
    }),
  );
}

/** Networks are rendered with the operators of label selectors alone, and not with `Gt` and `Lt`. */
function isChosen({ nodeSelector = {}, affinity }: V1PodSpec, { metadata }: V1Node): boolean {
  const labels = metadata?.labels ?? {};
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return (
    matches({ matchLabels: nodeSelector }, labels) &&
    (terms ?? [{}]).some(({ matchExpressions = [] }) => matches({ matchExpressions }, labels))
  );
}

function isTolerated({ tolerations = [] }: V1PodSpec, { spec }: V1Node, ofDaemonSet: boolean): boolean {
  const taints = (spec?.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule');
  if (!ofDaemonSet && spec?.unschedulable === true) return false;
  // The DaemonSet controller tolerates these by itself.
  const hindering = taints.filter(({ key }) => !ofDaemonSet || !key.startsWith('node.kubernetes.io/'));
  return hindering.every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)));
}

function tolerates({ key, operator = 'Equal', value = '', effect }: V1Toleration, taint: V1Taint): boolean {
  if (effect !== undefined && effect !== taint.effect) return false;
  if (key === undefined) return operator === 'Exists';
  return key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''));
}
