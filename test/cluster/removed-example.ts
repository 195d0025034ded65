import type { V1PodList } from '@kubernetes/client-node';
import { type Access, request } from '../api-server/request.ts';
import type { Cluster } from './cluster.ts';
import { NAMESPACES } from './installed-example.ts';
import { until } from './process.ts';

/** Deletes all of an example, and waits until it has gone. Clients and routers are not given their time to end. */
export async function removeExample({ access }: Cluster): Promise<void> {
  const [first = '', ...others] = NAMESPACES;
  const network = encodeURIComponent('gatewaynetwork.dev/network');
  for (const type of ['mutating', 'validating'])
    for (const part of ['policybindings', 'policies'])
      await remove(access, `/apis/admissionregistration.k8s.io/v1/${type}admission${part}?labelSelector=${network}`);
  // In a namespace that ends nothing replaces a pod.
  for (const namespace of others) await remove(access, `/api/v1/namespaces/${namespace}`);
  for (const namespace of others) await remove(access, `/api/v1/namespaces/${namespace}/pods?gracePeriodSeconds=1`);
  await untilEmpty(access, others);
  await remove(access, `/apis/apps/v1/namespaces/${first}/daemonsets`);
  // Routers end at once, too: of several, each gives the others its time. Nothing else replaces or deletes them.
  for (const owners of ['deployments', 'replicasets'])
    await remove(access, `/apis/apps/v1/namespaces/${first}/${owners}?propagationPolicy=Orphan`);
  const routers = encodeURIComponent('app.kubernetes.io/component=router');
  await remove(access, `/api/v1/namespaces/${first}/pods?gracePeriodSeconds=1&labelSelector=${routers}`);
  // A namespace that is deleted before its pods have gone waits for half of the time that they have to end.
  await untilEmpty(access, [first]);
  await remove(access, `/api/v1/namespaces/${first}`);
  await until('the end of the namespaces', 60, async () => {
    const answers = NAMESPACES.map(async (name) => request(access, 'GET', `/api/v1/namespaces/${name}`));
    return (await Promise.all(answers)).every(({ status }) => status === 404);
  });
}

async function remove(access: Access, path: string): Promise<void> {
  const { status, text } = await request(access, 'DELETE', path);
  if (status >= 300 && status !== 404) throw new Error(text);
}

async function untilEmpty(access: Access, namespaces: readonly string[]): Promise<void> {
  await until(`the end of the pods in ${namespaces.join(', ')}`, 90, async () => {
    const { items } = JSON.parse((await request(access, 'GET', '/api/v1/pods')).text) as V1PodList;
    return !items.some(({ metadata }) => namespaces.includes(metadata?.namespace ?? ''));
  });
}
