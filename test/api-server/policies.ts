import type { V1Pod } from '@kubernetes/client-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Access, type Answer, request } from './request.ts';

/** What is not said of a pod that is created. */
export interface PodDraft {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** Sends a pod to the API server, which stores it only where it is told to. */
export async function sendPod(access: Access, draft: PodDraft, query = 'dryRun=All'): Promise<Answer> {
  const { name = 'pod', namespace = 'apps', labels = {}, annotations, spec = {} } = draft;
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels, ...(annotations && { annotations }) },
    spec: { containers: [{ name: 'app', image: 'app' }], ...spec },
  };
  return request(access, 'POST', `/api/v1/namespaces/${namespace}/pods?${query}`, {
    type: 'application/json',
    text: JSON.stringify(pod),
  });
}

/** The pod as it was admitted. Throws what the server said otherwise. */
export async function admitted(access: Access, draft: PodDraft, query?: string): Promise<V1Pod> {
  const { status, text } = await sendPod(access, draft, query);
  if (status !== 201) throw new Error(`${status} ${text}`);
  return JSON.parse(text) as V1Pod;
}

/** What the server said against a pod; undefined where it was admitted. */
export async function refused(access: Access, draft: PodDraft, query?: string): Promise<string | undefined> {
  const { status, text } = await sendPod(access, draft, query);
  return status === 201 ? undefined : (JSON.parse(text) as { message: string }).message;
}

/** Waits until policies that were applied act, which the API server loads in the background. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (await holds()) return;
    await sleep(100);
  }
  throw new Error('nothing has changed within 30 s');
}
