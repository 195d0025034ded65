import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf } from '../engines/folder.ts';
import type { ReachedServer } from './api-server.ts';
import { request } from './request.ts';
import { send } from './stand-in-pods.ts';

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { server: string } }[];
  readonly users: readonly { readonly user: { token: string } }[];
}

/** A kubeconfig of a server, with another address or another token. */
export function kubeconfigWith(server: ReachedServer, { url = server.url, token = server.token }): string {
  const config = JSON.parse(readFileSync(server.kubeconfig, 'utf8')) as Kubeconfig;
  for (const { cluster: each } of config.clusters) each.server = url;
  for (const { user } of config.users) user.token = token;
  return join(folderOf({ config: JSON.stringify(config) }), 'config');
}

/** The resources that an account may read, in all namespaces. */
export interface Rights {
  readonly list?: readonly string[];
  readonly get?: readonly string[];
}

/** Makes a ServiceAccount in `apps` with no more rights than these, and gives a kubeconfig of it. */
export async function kubeconfigOf(server: ReachedServer, name: string, rights: Rights = {}): Promise<string> {
  const accounts = '/api/v1/namespaces/apps/serviceaccounts';
  await send(server, 'POST', accounts, { metadata: { name } });
  const rules = Object.entries(rights).map(([verb, resources]) => ({ apiGroups: ['*'], resources, verbs: [verb] }));
  if (rules.length > 0) await bind(server, name, rules);
  const content = { type: 'application/json', text: '{}' };
  const { text } = await request(server, 'POST', `${accounts}/${name}/token`, content);
  return kubeconfigWith(server, { token: (JSON.parse(text) as { status: { token: string } }).status.token });
}

async function bind(server: ReachedServer, name: string, rules: readonly object[]): Promise<void> {
  const roles = '/apis/rbac.authorization.k8s.io/v1';
  await send(server, 'POST', `${roles}/clusterroles`, { metadata: { name }, rules });
  await send(server, 'POST', `${roles}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', namespace: 'apps', name }],
  });
}
