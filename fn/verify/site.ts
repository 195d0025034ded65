import { setTimeout as sleep } from 'node:timers/promises';
import type { CoreV1Event, V1Namespace, V1Pod } from '@kubernetes/client-node';
import type { ClusterClient } from '../cluster/cluster-client.ts';
import type { Named } from '../cluster/observation.ts';
import { NETWORK_LABEL } from '../marks.ts';
import { oneLine } from '../status/events.ts';
import { conditionOf, memberOf } from '../status/member.ts';
import { type NetworkId, ownedBy } from '../status/owner.ts';
import { whyPending } from '../status/pending.ts';
import { namespaceOf, podsOf, policyOf, programsOf, serviceOf, type Stage, TEST_LABEL } from './manifests.ts';

/** How long, in milliseconds, pods may take to be ready, and to go; and between two looks at them. */
const [START, END, PAUSE] = [90_000, 60_000, 300] as const;
/** How old the namespace of a test is that no longer runs, in milliseconds. */
const OLD = 3_600_000;

const NAMESPACES = '/api/v1/namespaces';

/** Removes namespaces that tests have left behind, and gives their names. `now` is as of `Date.now()`. */
export async function removeLeftovers(client: ClusterClient, now: number): Promise<readonly string[]> {
  const all = await client.list<V1Namespace>(NAMESPACES, { labelSelector: TEST_LABEL, metadataOnly: true });
  const old = all
    .filter(({ metadata }) => now - Date.parse(String(metadata?.creationTimestamp)) > OLD)
    .flatMap(({ metadata }) => metadata?.name ?? []);
  for (const name of old) await client.remove(`${NAMESPACES}/${name}`);
  return old;
}

/** The NetworkPolicies of a network. */
export async function policiesOf(client: ClusterClient, network: NetworkId): Promise<readonly Named[]> {
  const labelSelector = `${NETWORK_LABEL}=${network.name}`;
  const path = '/apis/networking.k8s.io/v1/networkpolicies';
  return ownedBy(network, await client.list<Named>(path, { labelSelector, metadataOnly: true }));
}

/** Makes all that a test needs in a namespace of its own. */
export async function build(client: ClusterClient, stage: Stage): Promise<void> {
  const path = `${NAMESPACES}/${stage.namespace}`;
  await client.create(NAMESPACES, namespaceOf(stage));
  await client.create(`${path}/configmaps`, programsOf(stage));
  await client.create(`${path}/services`, serviceOf(stage));
  if (stage.hasPolicies) {
    await client.create(`/apis/networking.k8s.io/v1/namespaces/${stage.namespace}/networkpolicies`, policyOf(stage));
  }
  // Without it, no pod is admitted.
  await until(START, async () => (await client.read(`${path}/serviceaccounts/default`)) !== undefined);
  await Promise.all(podsOf(stage).map(async (pod) => client.create(`${path}/pods`, pod)));
}

/** A pod of a test, and why it is not ready, unless it is. */
export interface Started {
  readonly pod: V1Pod;
  readonly reason?: string;
}

/** Waits until all pods are ready, or no longer, and gives them by name. */
export async function untilStarted(client: ClusterClient, namespace: string): Promise<ReadonlyMap<string, Started>> {
  const path = `${NAMESPACES}/${namespace}`;
  let pods: readonly V1Pod[] = [];
  await until(START, async () => {
    pods = await client.list<V1Pod>(`${path}/pods`, {});
    return pods.every((pod) => isReady(pod) || pod.status?.phase === 'Failed');
  });
  const events = await client.list<CoreV1Event>(`${path}/events`, {});
  return new Map(
    pods.map((pod): [string, Started] => [
      pod.metadata?.name ?? '',
      isReady(pod) ? { pod } : { pod, reason: whyNotReady(pod, events) },
    ]),
  );
}

function isReady(pod: V1Pod): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True';
}

function whyNotReady(pod: V1Pod, events: readonly CoreV1Event[]): string {
  if (pod.status?.phase === 'Failed') return oneLine(pod.status.message ?? pod.status.reason ?? 'it has failed');
  return whyPending(pod, events) ?? memberOf(pod, {}, events).reason ?? 'nothing has said why';
}

/** Removes the namespace with all that is in it, and gives whether it has gone. */
export async function clear(client: ClusterClient, namespace: string): Promise<boolean> {
  const path = `${NAMESPACES}/${namespace}`;
  await client.remove(path);
  return until(END, async () => (await client.read(path)) === undefined);
}

/** Whether something has come true within so many milliseconds. */
async function until(milliseconds: number, isTrue: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(PAUSE)) if (await isTrue()) return true;
  return false;
}
