import { isFields } from '../../yaml/fields.ts';
import { anyOf } from '../../api/quote.ts';
import type { Named } from './destination.ts';
import { isReserved } from './parameters.ts';

/** A parameter announcement of Argo CD (Argo CD documentation, "Config Management Plugins", parameter announcements). */
export interface Announcement {
  readonly name: string;
  readonly title: string;
  readonly tooltip: string;
  readonly collectionType: 'map';
  readonly map: Readonly<Record<string, string>>;
}

/**
 * A parameter for each network, with the values that its fields have now. A network with the name of another parameter, and no namespace,
 * can only be set by its name with one.
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

/** Values by the path of their field; lists, and maps with keys that are no names of fields, as a whole, in JSON. */
function leavesOf(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (value === undefined) return [];
  const isSpelled = isFields(value) && Object.keys(value).every((key) => /^[A-Za-z][A-Za-z0-9]*$/.test(key));
  if (isSpelled) return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, `${path}.${key}`));
  return path === 'spec' ? [] : [[path, typeof value === 'string' ? value : JSON.stringify(value)]];
}
