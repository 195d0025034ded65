import type { V1DaemonSet, V1Node, V1Pod } from '@kubernetes/client-node';
import type { Facts } from '../cluster/facts.ts';
import { conditionOf } from '../status/member.ts';
import { error, itemsOf, listed, type Observed, ok, unknown } from './check.ts';

/** The DaemonSet of Multus, of which distributions have their own; not those of its companions. */
export function multusIn({ daemonSets }: Facts): V1DaemonSet | undefined {
  return itemsOf(daemonSets).find((one) =>
    containersOf(one).some(({ name }) => name.includes('multus') && !/additional|admission|polic|dynamic/.test(name)),
  );
}

/** That which puts whereabouts on the nodes. */
export function whereaboutsIn({ daemonSets }: Facts): V1DaemonSet | undefined {
  const found = itemsOf(daemonSets).filter((one) => containersOf(one).some(({ name }) => name.includes('whereabouts')));
  return found.find((one) => hostPaths(one).some((path) => /cni/.test(path))) ?? found[0];
}

function containersOf({ spec }: V1DaemonSet) {
  const { initContainers = [], containers = [] } = spec?.template.spec ?? {};
  return [...initContainers, ...containers];
}

/** The folders of the nodes that its pods mount, without a slash at the end. */
export function hostPaths({ spec }: V1DaemonSet): readonly string[] {
  const volumes = spec?.template.spec?.volumes ?? [];
  return volumes.flatMap(({ hostPath }) => (hostPath === undefined ? [] : [hostPath.path.replace(/(?<=.)\/$/, '')]));
}

export function labelSelectorOf({ spec }: V1DaemonSet): string {
  return Object.entries(spec?.selector.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

export function nameOf({ metadata }: V1DaemonSet): string {
  return `DaemonSet ${metadata?.namespace}/${metadata?.name}`;
}

/** Its pods, by the node that they are on: of several, one that is ready, where the others have ended. */
export function podsByNode(daemonSet: V1DaemonSet, { daemonPods }: Facts): ReadonlyMap<string, V1Pod> {
  const wanted = Object.entries(daemonSet.spec?.selector.matchLabels ?? {});
  const own = itemsOf(daemonPods).filter(
    ({ metadata }) =>
      metadata?.namespace === daemonSet.metadata?.namespace &&
      wanted.every(([key, value]) => metadata?.labels?.[key] === value),
  );
  return new Map(own.toSorted((one, other) => rank(one) - rank(other)).map((pod) => [pod.spec?.nodeName ?? '', pod]));
}

function rank(pod: V1Pod): number {
  return isReady(pod) ? 1 : 0;
}

function isReady(pod: V1Pod): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True';
}

/** Whether it has a pod that is ready on each of some nodes. */
export function readiness(daemonSet: V1DaemonSet, facts: Facts, nodes: readonly V1Node[]): readonly Observed[] {
  if ('unseen' in facts.nodes) return [unknown(`nodes cannot be seen: ${facts.nodes.unseen}`)];
  if ('unseen' in facts.daemonPods) return [unknown(`its pods cannot be seen: ${facts.daemonPods.unseen}`)];
  if (nodes.length === 0)
    return [unknown(`the ${nameOf(daemonSet)} is there, and no node that it would have to be on`)];
  const faults = notReady(daemonSet, facts, nodes);
  return faults.length > 0
    ? faults
    : [ok(`the ${nameOf(daemonSet)} is ready on ${nodes.length} of ${nodes.length} nodes`)];
}

/** The nodes on which it has no pod that is ready. */
function notReady(daemonSet: V1DaemonSet, facts: Facts, nodes: readonly V1Node[]): readonly Observed[] {
  const pods = podsByNode(daemonSet, facts);
  const names = nodes.map(({ metadata }) => metadata?.name ?? '');
  const without = names.filter((name) => !pods.has(name));
  const failing = names.filter((name) => {
    const pod = pods.get(name);
    return pod !== undefined && !isReady(pod);
  });
  const { namespace } = daemonSet.metadata ?? {};
  const advice = `kubectl -n ${namespace} get pods -o wide, and describe those that are not ready`;
  return [
    ...(without.length > 0 ? [error(`the ${nameOf(daemonSet)} has no pod on ${listed(without)}`, advice)] : []),
    ...(failing.length > 0 ? [error(`the ${nameOf(daemonSet)} is not ready on ${listed(failing)}`, advice)] : []),
  ];
}
