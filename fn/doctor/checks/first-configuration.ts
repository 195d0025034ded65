import type { V1Node, V1Pod } from '@kubernetes/client-node';
import { type Check, error, itemsOf, listed, type Observed, ok, unknown } from '../check.ts';
import { configMap } from '../config-maps.ts';
import { podsByNode } from '../daemons.ts';
import { conditionOf } from '../../status/member.ts';
import type { Subject } from '../subject.ts';
import { isAttached } from './multus.ts';

/** How long Multus may take to write its configuration once its pod is ready, in milliseconds. */
const USUAL = 60_000;
/** Multus may be told to leave the pods of such namespaces alone (its `systemNamespaces`). */
const SYSTEM_NAMESPACE = 'kube-system';
/** Of the object that a kubelet makes of a static pod. */
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';

/** Whether the container runtime asks Multus, and not the primary CNI: the first file in its folder counts. */
export const firstConfiguration: Check = {
  name: 'first-configuration',
  why: 'where another file comes before that of Multus, pods have their primary interface alone',
  anchor: 'multus-is-not-asked-first',
  examine: (subject) => [...ciliumOf(subject), ...evidenceOf(subject)],
};

/** Cilium renames the files of others to `*.cilium_bak`, unless it is told not to (its chart's `cni.exclusive`). */
function ciliumOf({ facts, primary, platform }: Subject): readonly Observed[] {
  // Multus and the primary CNI of OpenShift have folders of their own.
  if (primary?.name !== 'Cilium' || platform === 'OpenShift') return [];
  const found = configMap(facts, 'cilium-config');
  if (found === undefined) {
    return [
      unknown('the ConfigMap cilium-config is not seen: whether Cilium leaves the files of others alone is not known'),
    ];
  }
  const value = found.data?.['cni-exclusive'] ?? 'true';
  const where = `ConfigMap ${found.metadata?.namespace}/cilium-config`;
  if (value === 'false') return [ok(`Cilium leaves the files of others alone (cni-exclusive in the ${where})`)];
  return [
    error(
      `Cilium renames the file of Multus to *.cilium_bak: cni-exclusive is '${value}' in the ${where}`,
      'set `cni.exclusive: false` in the values of the chart of Cilium, then restart its DaemonSet and that of Multus',
    ),
  ];
}

/** What pods tell: Multus annotates each that it attaches. */
function evidenceOf(subject: Subject): readonly Observed[] {
  const { facts, nodes, multus } = subject;
  if ('unseen' in facts.pods) return [unknown(`pods cannot be seen: ${facts.pods.unseen}`)];
  if (multus === undefined || 'unseen' in facts.daemonPods) return [];
  const all = nodes.map((node) => evidenceOn(node, subject));
  const placesOf = (told: Evidence['told']) => all.filter((one) => one.told === told).map(({ place }) => place);
  const [attached, missed, nothing] = [placesOf('Attached'), placesOf('Missed'), placesOf('Nothing')];
  return [
    ...(missed.length > 0 ? [notAsked(missed)] : []),
    ...(nothing.length > 0 ? [untold(nothing)] : []),
    ...(attached.length > 0
      ? [ok(`Multus has attached the youngest pod on ${attached.length} of ${all.length} nodes`)]
      : []),
  ];
}

/** What the youngest pod of a node tells. */
interface Evidence {
  readonly told: 'Attached' | 'Missed' | 'Nothing';
  /** The node, and the pod that was missed. */
  readonly place: string;
}

function evidenceOn(node: V1Node, subject: Subject): Evidence {
  const place = node.metadata?.name ?? '';
  const pod = youngestOn(node, subject);
  const since = readySince(node, subject);
  if (pod === undefined || since === undefined) return { told: 'Nothing', place };
  if (isAttached(pod)) return { told: 'Attached', place };
  if (madeAt(pod) <= since + USUAL) return { told: 'Nothing', place };
  return { told: 'Missed', place: `${place} (${pod.metadata?.namespace}/${pod.metadata?.name})` };
}

function notAsked(places: readonly string[]): Observed {
  return error(
    `pods that are younger than Multus were not attached by it on ${listed(places)}`,
    'ls /etc/cni/net.d on the node, or the folder of its distribution: 00-multus.conf must be the first',
  );
}

function untold(places: readonly string[]): Observed {
  return unknown(
    `no pod tells whether Multus is asked on ${listed(places)}, and files on a node are not told by the API`,
    'ls /etc/cni/net.d there: 00-multus.conf must be the first, and no file end with .cilium_bak',
  );
}

function youngestOn({ metadata }: V1Node, { facts }: Subject): V1Pod | undefined {
  return itemsOf(facts.pods)
    .filter((pod) => pod.spec?.nodeName === metadata?.name && (isAttached(pod) || isExpected(pod)))
    .toSorted((one, other) => madeAt(other) - madeAt(one))[0];
}

/** Not of a pod that a kubelet runs by a file of its own: it starts before the API server knows of it. */
function isExpected({ metadata }: V1Pod): boolean {
  return metadata?.namespace !== SYSTEM_NAMESPACE && metadata?.annotations?.[MIRROR_ANNOTATION] === undefined;
}

function readySince({ metadata }: V1Node, { multus, facts }: Subject): number | undefined {
  const pod = multus && podsByNode(multus, facts).get(metadata?.name ?? '');
  const ready = pod && conditionOf(pod, 'Ready');
  return ready?.status === 'True' ? Date.parse(String(ready.lastTransitionTime)) : undefined;
}

function madeAt({ metadata }: V1Pod): number {
  return Date.parse(String(metadata?.creationTimestamp));
}
