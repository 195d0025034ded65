import { isFields } from '../../yaml/fields.ts';
import { anyOf } from '../../api/quote.ts';
import type { Named } from './destination.ts';
import { isReserved } from './parameters.ts';

/** A parameter announcement (Argo CD documentation, "Config Management Plugins"). */
export interface Announcement {
  readonly name: string;
  readonly title: string;
  readonly tooltip: string;
  readonly collectionType: 'map';
  readonly map: Readonly<Record<string, string>>;
}

/**
 * A parameter for each network, with the current values of its fields. A network without a
 * namespace has none if its name is that of another parameter: it can only be set as
 * `NAMESPACE/NAME`.
 */
export function announcementsOf(networks: readonly Named[]): readonly Announcement[] {
  const own = networks.filter(({ name }) => !isReserved(name));
  return own.map(({ name, value }) => ({
    name,
    title: `GatewayNetwork ${name}`,
    tooltip: `Fields of the network in YAML, by their path: ${anyOf(['spec.overlay.vni', 'spec.subnets'])}`,
    collectionType: 'map',
    map: Object.fromEntries(leavesOf(isFields(value) ? value['spec'] : undefined, 'spec')),
  }));
}

/**
 * Values by the paths of their fields. A list is one value, in JSON, and so is a mapping with keys
 * that are not names of fields.
 */
function leavesOf(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (value === undefined) return [];
  const isSpelled = isFields(value) && Object.keys(value).every((key) => /^[A-Za-z][A-Za-z0-9]*$/.test(key));
  if (isSpelled) return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, `${path}.${key}`));
  return path === 'spec' ? [] : [[path, typeof value === 'string' ? value : JSON.stringify(value)]];
}
