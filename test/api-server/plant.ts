import { setTimeout as sleep } from 'node:timers/promises';
import type { Planted } from '../doctor/cluster-objects.ts';
import { apply, pathOf, remove } from './apply.ts';
import { established } from './crds.ts';
import { type Access, request } from './request.ts';
import { send } from './stand-in-pods.ts';

/** Kinds whose status is what is looked at: nobody else writes it here. */
const WITH_STATUS = ['DaemonSet', 'Node', 'Pod'];
/** What an API server makes for itself, and lets nobody change. */
const OWN_KINDS = ['PriorityClass', 'ServiceCIDR'];

/** Puts an object into a cluster with its status, or changes the one of its name to it. */
export async function plant(access: Access, object: Planted): Promise<void> {
  if (OWN_KINDS.includes(object.kind)) return;
  const { creationTimestamp: _, ...metadata } = object.metadata;
  const { status, ...fields }: Planted = { ...object, metadata };
  const { status: code, text } = await apply(access, JSON.stringify(fields));
  if (code >= 300) throw new Error(`${code} ${text}`);
  const path = await pathOf(access, object);
  if (object.kind === 'CustomResourceDefinition') await established(access, object);
  if (object.kind === 'Node') await setTaints(access, path, object);
  if (WITH_STATUS.includes(object.kind)) await send(access, 'PATCH', `${path}/status`, { status: status as object });
}

/** Takes away the taint that every new node gets, and that nobody else would take away. */
async function setTaints(access: Access, path: string, { spec }: Planted): Promise<void> {
  const { taints = null } = spec as { readonly taints?: readonly object[] };
  await send(access, 'PATCH', path, { spec: { taints } });
}

/** Removes an object, and waits until it has gone. */
export async function uproot(access: Access, object: Planted): Promise<void> {
  const path = await pathOf(access, object);
  await remove(access, object);
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if ((await request(access, 'GET', path)).status === 404) return;
    await sleep(100);
  }
  throw new Error(`${path} is still there after 30 s`);
}
