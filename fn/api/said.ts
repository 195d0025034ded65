import { FIELDS } from './generated/fields.ts';

/** Lists and mappings that say when they are empty what they say when they are absent. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  'spec.agent',
  'spec.clients[].addresses',
  'spec.gateway.dns.upstreams',
  'spec.gateway.egress',
  'spec.gateway.egress.network.snatAddresses',
  'spec.gateway.portForwards[].to.addresses',
  'spec.nodeRules.snatExemption',
  'spec.overlay.flooding',
  'spec.overlay.flooding.unicast.peers',
]);

/**
 * What a network says, without the fields that are there and say nothing: those that are null, which an API server drops as well, and some
 * that are empty. Templates write such fields. A value of the wrong type, and a field that is not known, stay as they are.
 */
export function saidIn(network: unknown): unknown {
  const done = new Map<string, Map<object, unknown>>();
  return without(network, '', done);
}

/** Aliases make one object stand in many places; it is looked at once for each field. */
function without(value: unknown, path: string, done: Map<string, Map<object, unknown>>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = done.get(path) ?? new Map<object, unknown>();
  done.set(path, known);
  if (known.has(value)) return known.get(value);
  const said = Array.isArray(value)
    ? value.map((item: unknown) => without(item, `${path}[]`, done))
    : Object.fromEntries(
        Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
          const field = path === '' ? name : `${path}.${name}`;
          if (!isField(field)) return [[name, inner]];
          const rest = inner === null ? undefined : without(inner, field, done);
          return rest === undefined || (SAYS_NOTHING.has(field) && isEmpty(rest)) ? [] : [[name, rest]];
        }),
      );
  known.set(value, said);
  return said;
}

/** Metadata is Kubernetes' own, and has more fields. */
function isField(path: string): boolean {
  return Object.hasOwn(FIELDS, path) || /^metadata\.[^.]+$/.test(path);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
