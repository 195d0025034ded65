import type { V1DaemonSet, V1Deployment, V1Pod, V1PodStatus } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { attachedTo, podOf } from '../status/healthy.ts';
import { applied, type ClusterObject } from './apply.ts';
import { EXAMPLES_RENDERED } from './examples.ts';
import { type Access, request } from './request.ts';

/** How many pods are made at a time. */
const AT_ONCE = 20;

/** A network whose pods were made without a scheduler, a kubelet or Multus: none of them runs beside the API server. */
export interface StoodInNetwork {
  /** Makes clients that are on the network, numbered from `first` on. */
  readonly makeClients: (first: number, count: number) => Promise<void>;
  /** Makes a client that is not on it. */
  readonly makeUnattached: (name: string, status?: Partial<V1PodStatus>) => Promise<void>;
}

/** Sends an object, or a merge patch of one. Throws what the server said where it refuses. */
export async function send(access: Access, method: string, path: string, object: object): Promise<void> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const { status, text } = await request(access, method, path, { type, text: JSON.stringify(object) });
  if (status >= 300) throw new Error(`${status} ${text}`);
}

/** Applies examples/multi-node, with an agent on each of two nodes and a router, all of them ready. */
export async function standInFor(access: Access): Promise<StoodInNetwork> {
  const objects: ClusterObject[] = [];
  for (const document of new Map(EXAMPLES_RENDERED).get('multi-node') ?? []) {
    // A text that ends with its document has to end with its line.
    await applied(access, `${document}\n`);
    objects.push(parse(document) as ClusterObject);
  }
  const find = (kind: string, name: string): V1DaemonSet | V1Deployment => {
    const found = objects.find((one) => one.kind === kind && one.metadata.name === name);
    if (found === undefined) throw new Error(`the example has no ${kind} ${name}`);
    return found as V1DaemonSet | V1Deployment;
  };
  const agents = find('DaemonSet', 'vpn-node-agent');
  const router = find('Deployment', 'vpn-router-0');
  const client = podOf(find('Deployment', 'client'));

  for (const pod of [podOf(agents, 'node1'), podOf(agents, 'node2'), podOf(router, 'node1')]) await make(access, pod);
  await send(access, 'PATCH', '/apis/apps/v1/namespaces/egress/daemonsets/vpn-node-agent/status', {
    status: { desiredNumberScheduled: 2, currentNumberScheduled: 2, numberMisscheduled: 0, numberReady: 2 },
  });

  const makeClient = async (name: string, status: V1PodStatus, annotations: Readonly<Record<string, string>> = {}) =>
    make(access, {
      ...client,
      metadata: { ...client.metadata, name, annotations: { ...client.metadata?.annotations, ...annotations } },
      status,
    });
  return {
    makeClients: async (first, count) => {
      const numbers = Array.from({ length: count }, (_, index) => first + index);
      for (let start = 0; start < count; start += AT_ONCE) {
        await Promise.all(
          numbers
            .slice(start, start + AT_ONCE)
            .map(async (number) =>
              makeClient(`client-${number}`, { phase: 'Running' }, attachedTo([addressOf(number)])),
            ),
        );
      }
    },
    makeUnattached: async (name, status = {}) => makeClient(name, { phase: 'Running', ...status }),
  };
}

function addressOf(number: number): string {
  return `192.168.${50 + Math.floor(number / 250)}.${number % 250}`;
}

async function make(access: Access, { metadata, spec, status }: V1Pod): Promise<void> {
  const { name, namespace, labels, annotations } = metadata ?? {};
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  // No ServiceAccounts are asked for.
  await send(access, 'POST', pods, { metadata: { name, labels, annotations }, spec });
  await send(access, 'PATCH', `${pods}/${name}/status`, { status });
}
