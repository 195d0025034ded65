import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Pod, V1PodList } from '@kubernetes/client-node';
import { attachNamespace, type Namespace, removeNamespace, run } from '../agent/namespace.ts';
import { countStrays } from '../datapath/bed/strays.ts';
import { TO_INTERNET } from '../datapath/bed/underlay.ts';
import type { Cluster } from './cluster.ts';
import type { Node } from './node.ts';

/** A pod that runs, and the way into its network. */
export interface Pod {
  readonly name: string;
  readonly kubernetesNamespace: string;
  readonly node: Node;
  /** Its network namespace, under a name of this machine. */
  readonly namespace: Namespace;
  /** The addresses of an interface beside `eth0`, without those of the link. */
  readonly addresses: (device: string) => readonly string[];
}

/**
 * A pod whose packets for the internet are counted where they must not be: at any interface but that of its network.
 */
export interface Client extends Pod {
  readonly strays: () => number;
}

/** The internet, that beyond a VLAN included. */
const OUTSIDE = [...TO_INTERNET, 'ip daddr 198.51.100.0/24'];

/**
 * The running pods that a label chooses, those left out that are being deleted, or were running when their node was
 * lost.
 */
export async function pods(cluster: Cluster, kubernetesNamespace: string, labels: string): Promise<readonly Pod[]> {
  const text = await cluster.kubectl(['-n', kubernetesNamespace, 'get', 'pods', '-l', labels, '-o', 'json']);
  const { items } = JSON.parse(text) as V1PodList;
  return items
    .filter(({ metadata, status }) => metadata?.deletionTimestamp === undefined && status?.phase === 'Running')
    .flatMap((pod) => enter(cluster, pod) ?? []);
}

/** The client pods of a workload of the examples. */
export async function clients(
  cluster: Cluster,
  labels = 'app=client',
  kubernetesNamespace = 'apps',
  device = 'net1',
): Promise<readonly Client[]> {
  return (await pods(cluster, kubernetesNamespace, labels)).map((pod) => asClient(pod, device));
}

/** Counts from now on what leaves a pod for the internet by another interface than that of its network. */
export function asClient(pod: Pod, device = 'net1'): Client {
  return { ...pod, strays: countStrays(pod.namespace, device, OUTSIDE) };
}

function enter(cluster: Cluster, { metadata, spec }: V1Pod): Pod | undefined {
  const [name, kubernetesNamespace] = [String(metadata?.name), String(metadata?.namespace)];
  const node = cluster.nodes.find((one) => one.name === spec?.nodeName);
  if (node === undefined) throw new Error(`the pod ${name} is on no node`);
  const all = processes(`/sys/fs/cgroup/pids/${cluster.group}/${node.name}`, String(metadata?.uid));
  // A process that becomes one of the pod's is in the node's network namespace first.
  const pid = all.find((one) => spec?.hostNetwork === true || !isIn(one, node.namespace));
  const namespace = pid === undefined ? undefined : tryAttach(pid);
  if (namespace === undefined) return undefined;
  return {
    name,
    kubernetesNamespace,
    node,
    namespace,
    addresses: (device) =>
      [...run(namespace, `ip -o addr show dev ${device} scope global`).matchAll(/inet6? ([^/]+)/g)].map(
        ([, address = '']) => address,
      ),
  };
}

function isIn(pid: number, namespace: Namespace): boolean {
  return statSync(`/proc/${pid}/ns/net`, { throwIfNoEntry: false })?.ino === statSync(`/run/netns/${namespace}`).ino;
}

/** Lets the interfaces of pods that have ended go: as long as their namespaces have names, they stay. */
export function release(ended: readonly Pod[]): void {
  for (const { namespace } of ended) {
    const [inode] = [...attached].find(([, name]) => name === namespace) ?? [];
    if (inode !== undefined && attached.delete(inode)) removeNamespace(namespace);
  }
}

/** The names of network namespaces, by their inodes. */
const attached = new Map<number, Namespace>();

/** Names the network namespace of a process, unless it has ended. */
function tryAttach(pid: number): Namespace | undefined {
  try {
    const { ino } = statSync(`/proc/${pid}/ns/net`);
    const name = attached.get(ino) ?? attachNamespace(pid);
    attached.set(ino, name);
    return name;
  } catch {
    return undefined;
  }
}

/** The processes in the control groups of a pod, as this machine numbers them. Groups go while they are read. */
function processes(root: string, uid: string): readonly number[] {
  try {
    const groups = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.includes(`pod${uid}/`) && path.endsWith('cgroup.procs'),
    );
    return groups.flatMap((path) => readFileSync(join(root, path), 'utf8').split('\n').filter(Boolean).map(Number));
  } catch {
    return [];
  }
}
