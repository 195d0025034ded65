import type { V1PodList, V1PodTemplateSpec } from '@kubernetes/client-node';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Cluster } from './cluster.ts';
import type { Node } from './node.ts';
import { until } from './process.ts';
import { stream } from './stream.ts';

/** The kinds of workloads that a cluster makes pods of anew, each in its own way. */
export const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job'] as const;

/** What Multus writes there is called after what it found: 00-multus.conf or 00-multus.conflist. */
const CONFIGURATIONS = 'root/etc/cni/net.d';
const isOfMultus = (name: string) => name.startsWith('00-multus.conf');

/** Workloads of each kind on a node, whose pods are those of the client in rendered manifests; `app` is their name. */
export function workloadsOn(node: Node, manifests: string, kinds: readonly (typeof KINDS)[number][] = KINDS): string {
  const template = clientTemplate(manifests);
  return stream(
    kinds.map((kind) => {
      const app = kind.toLowerCase();
      const pod = {
        metadata: { ...template.metadata, labels: { ...template.metadata?.labels, app } },
        spec: {
          ...template.spec,
          nodeSelector: { 'kubernetes.io/hostname': node.name },
          ...(kind === 'Job' && { restartPolicy: 'Never' }),
        },
      };
      return {
        apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
        kind,
        metadata: { name: app, namespace: 'apps' },
        spec: {
          template: pod,
          ...(kind !== 'Job' && { selector: { matchLabels: { app } } }),
          ...(kind === 'StatefulSet' && { serviceName: app }),
        },
      };
    }),
  );
}

/** The pods of the client in rendered manifests. */
export function clientTemplate(manifests: string): V1PodTemplateSpec {
  for (const document of parseAllDocuments(manifests)) {
    const { metadata, spec } = (document.toJS() ?? {}) as {
      metadata?: { name: string };
      spec?: { template: V1PodTemplateSpec };
    };
    if (metadata?.name === 'client' && spec !== undefined) return spec.template;
  }
  throw new Error('there is no client');
}

/** Takes Multus from all nodes with its configuration, so that the container runtime attaches pods without it. */
export async function stopMultus(cluster: Cluster): Promise<void> {
  await place(cluster, MULTUS, 'Nowhere');
  // One that ends may still write it.
  const gone = ['wait', '--for=delete', 'pod', '-l', 'app=multus', '--timeout=60s'];
  await cluster.kubectl(['-n', 'kube-system', ...gone]);
  for (const { folder } of cluster.nodes) {
    const all = join(folder, CONFIGURATIONS);
    for (const name of readdirSync(all).filter(isOfMultus)) rmSync(join(all, name));
  }
}

export async function startMultus(cluster: Cluster): Promise<void> {
  await place(cluster, MULTUS, 'Everywhere');
  await until('nodes with Multus', 60, () => cluster.nodes.every(isConfigured));
}

/** Takes the agents from all nodes, without the time that they are given to leave, in which they go on. */
export async function stopAgents(cluster: Cluster): Promise<void> {
  await place(cluster, AGENTS, 'Nowhere');
  const { namespace, labels } = AGENTS;
  await until('the end of the agents', 60, async () => {
    for (const node of cluster.nodes) node.run(['sh', '-c', 'pkill -KILL -f "node-agent [r]un"; true']);
    return (await cluster.kubectl(['-n', namespace, 'get', 'pods', '-l', labels, '-o', 'name'])) === '';
  });
}

export async function startAgents(cluster: Cluster): Promise<void> {
  await place(cluster, AGENTS, 'Everywhere');
}

interface Daemons {
  readonly namespace: string;
  readonly name: string;
}

const MULTUS: Daemons = { namespace: 'kube-system', name: 'kube-multus-ds' };
const AGENTS = {
  namespace: 'egress',
  name: 'vpn-node-agent',
  labels: 'app.kubernetes.io/component=node-agent',
} as const satisfies Daemons & { readonly labels: string };

type Place = 'Nowhere' | 'Everywhere';

async function place({ kubectl }: Cluster, { namespace, name }: Daemons, where: Place): Promise<void> {
  const nodeSelector = { nowhere: where === 'Nowhere' ? '' : null };
  const patch = JSON.stringify({ spec: { template: { spec: { nodeSelector } } } });
  await kubectl(['-n', namespace, 'patch', 'daemonset', name, '-p', patch]);
}

/** Whether a guard of the pods that have an `app` is at work. */
export async function isGuarding({ kubectl }: Cluster, app: string): Promise<boolean> {
  const text = await kubectl(['-n', 'apps', 'get', 'pods', '-l', `app=${app}`, '-o', 'json']);
  const states = (JSON.parse(text) as V1PodList).items.flatMap(({ status }) => status?.initContainerStatuses ?? []);
  return states.some(({ state }) => state?.running !== undefined);
}

function isConfigured({ folder }: Node): boolean {
  return readdirSync(join(folder, CONFIGURATIONS)).some(isOfMultus);
}

/** The last words of the guards of the pods that have an `app`. */
export async function guardsOf({ kubectl }: Cluster, app: string): Promise<readonly string[]> {
  const text = await kubectl(['-n', 'apps', 'get', 'pods', '-l', `app=${app}`, '-o', 'json']);
  return (JSON.parse(text) as V1PodList).items.flatMap(({ status }) =>
    (status?.initContainerStatuses ?? []).map(
      ({ state, lastState }) => state?.terminated?.message ?? lastState?.terminated?.message ?? '',
    ),
  );
}

/** Whether the kubelet of a node has told the API server after some time that it lives. */
export async function hasRenewed({ kubectl }: Cluster, { name }: Node, time: number): Promise<boolean> {
  const renewed = await kubectl(['-n', 'kube-node-lease', 'get', 'lease', name, '-o', 'jsonpath={.spec.renewTime}']);
  return Date.parse(renewed) > time;
}
