import { createHash } from 'node:crypto';
import type { V1ConfigMap } from '@kubernetes/client-node';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { metadata, type Component } from './metadata.ts';

/** File names and their contents, as a pod finds them in {@link CONFIG_DIR}. */
export type ConfigData = Readonly<Record<string, string>>;

/** The mount path of the ConfigMap; the programs read nothing else. */
export const CONFIG_DIR = '/etc/gateway-network';

/** Scripts hold `$` signs that Flux's post-build substitution would take for its own. */
const NO_SUBSTITUTION = { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' };

export function configMap(plan: NetworkPlan, component: Component, name: string, data: ConfigData): V1ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(plan, component, name, NO_SUBSTITUTION), data };
}

/** On the pod template, so that a changed ConfigMap rolls the pods. */
export function configHash(data: ConfigData): Record<string, string> {
  const hash = createHash('sha256');
  for (const [file, text] of Object.entries(data)) hash.update(`${file}\0${text}\0`);
  return { 'gatewaynetwork.dev/config-hash': hash.digest('hex').slice(0, 16) };
}

/** `KEY=value` lines; the programs read them as data and never execute them. */
export function envFile(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
