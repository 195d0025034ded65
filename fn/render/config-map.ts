import type { V1ConfigMap } from '@kubernetes/client-node';
import { API_GROUP } from '../marks.ts';
import { fingerprint, fingerprintOf } from '../node/config/fingerprint.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { metadata, type Component } from './metadata.ts';

/** File names and their contents, as a pod finds them in {@link CONFIG_DIR}. */
export type ConfigData = Readonly<Record<string, string>>;

/** The mount path of the ConfigMap; the programs read nothing else. */
export const CONFIG_DIR = '/etc/gateway-network';

/** In hexadecimal digits. */
const HASH_LENGTH = 8;

/** What a ConfigMap holds, by which users can tell which one a pod runs: its programs say the same of themselves. */
const FINGERPRINT_ANNOTATION = `${API_GROUP}/configuration`;

export function configMap(plan: NetworkPlan, component: Component, name: string, data: ConfigData): V1ConfigMap {
  const annotations = { [FINGERPRINT_ANNOTATION]: fingerprintOf(new Map(Object.entries(data))) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(plan, component, name, annotations), data };
}

/**
 * The name of a ConfigMap whose changes running programs take over, except for some values. It ends with a hash of
 * those, and the pods of an older revision keep their own.
 */
export function hashedName(name: string, ...fixed: readonly unknown[]): string {
  return `${name}-${fingerprint(JSON.stringify(fixed)).slice(0, HASH_LENGTH)}`;
}

/** The fields of an object except for some. */
export function without<T extends object>(value: T, keys: readonly (keyof T)[]): Partial<T> {
  const left = Object.entries(value).filter(([key]) => !keys.some((each) => each === key));
  return Object.fromEntries(left) as Partial<T>;
}
