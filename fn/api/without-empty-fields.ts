import { FIELDS } from './generated/fields.ts';

/** Lists and mappings that mean the same when they are empty as when they are absent. */
const ABSENT_WHEN_EMPTY: ReadonlySet<string> = new Set([
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
 * What a network holds, without its null fields, which an API server drops as well, and without some
 * empty ones, which mean the same as absent ones. Templates write such fields. A value of the wrong type and an
 * unknown field stay as they are.
 */
export function withoutEmptyFields(network: unknown): unknown {
  const done = new Map<string, Map<object, unknown>>();
  return clean(network, '', done);
}

/** Aliases share one object between many places; it is cleaned once for each field. */
function clean(value: unknown, path: string, done: Map<string, Map<object, unknown>>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = done.get(path) ?? new Map<object, unknown>();
  done.set(path, known);
  if (known.has(value)) return known.get(value);
  const kept = Array.isArray(value)
    ? value.map((item: unknown) => clean(item, `${path}[]`, done))
    : Object.fromEntries(
        Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
          const field = path === '' ? name : `${path}.${name}`;
          if (!isField(field)) return [[name, inner]];
          const rest = inner === null ? undefined : clean(inner, field, done);
          return rest === undefined || (ABSENT_WHEN_EMPTY.has(field) && isEmpty(rest)) ? [] : [[name, rest]];
        }),
      );
  known.set(value, kept);
  return kept;
}

/** Metadata is Kubernetes' own, and has more fields. */
function isField(path: string): boolean {
  return Object.hasOwn(FIELDS, path) || /^metadata\.[^.]+$/.test(path);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
