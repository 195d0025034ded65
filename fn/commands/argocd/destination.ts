import { isFields } from '../../yaml/fields.ts';
import { isNetwork } from '../../marks.ts';
import { assume } from '../../krm/assume.ts';
import { type Identity } from '../../krm/identity.ts';
import type { Input } from '../../krm/input.ts';
import { identityOf, type Item, valueOf } from '../../krm/item.ts';
import { parse } from '../../yaml/parse.ts';
import { ItemUnreadable } from '../../krm/unreadable.ts';
import { anyOf, quote } from '../../api/quote.ts';
import { UsageError } from '../../files/usage-error.ts';
import { ALL_NETWORKS, type Fields, isReserved, type Parameters, SKIP_DRY_RUN, SYNC_WAVES } from './parameters.ts';

/** Cluster-scoped kinds among the rendered objects, and among those that are deployed with them. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set(['Link', 'Namespace']);

/**
 * The input as it is at the destination: objects without a namespace are in that of the
 * Application, and networks have the fields that its parameters set. This only changes what is
 * rendered; the texts of the items stay.
 * @throws {@link UsageError} for parameters that name no network, or name one twice
 */
export function atDestination(input: Input, { overrides }: Parameters, namespace: string): Input {
  const known: string[] = [];
  const used = new Set<string>([ALL_NETWORKS]);
  const items = input.items.map((item) => {
    const identity = identityOf(item);
    if (identity === undefined) return item;
    const placed = {
      ...identity,
      namespace: identity.namespace || (CLUSTER_SCOPED.has(identity.kind) ? '' : namespace),
    };
    if (!isNetwork(identity))
      return placed.namespace === identity.namespace ? item : assume(item, { identity: placed });
    // Parameters are announced by the name in the repository: Argo CD does not pass the namespace
    // then.
    const names = [...new Set([nameOf(placed), nameOf(identity)])].filter((name) => !isReserved(name));
    const given = names.filter((name) => overrides.has(name));
    if (given.length > 1)
      throw new UsageError(
        `the parameters ${given.map((name) => quote(name)).join(' and ')} are of one network, and one must be given`,
      );
    known.push(...names);
    for (const name of given) used.add(name);
    const fields = { ...overrides.get(ALL_NETWORKS), ...overrides.get(given[0] ?? '') };
    return assume(item, { identity: placed, value: withFields(readValue(item), placed.namespace, fields) });
  });
  const unknown = [...overrides.keys()].filter((name) => !used.has(name));
  if (unknown.length > 0) {
    const allowed = [ALL_NETWORKS, SYNC_WAVES, SKIP_DRY_RUN, ...known];
    throw new UsageError(
      `no parameter has the name ${unknown.map((name) => quote(name)).join(', ')}: it must be ${anyOf(allowed)}`,
    );
  }
  return { ...input, items };
}

/** A network by the name of its parameter, as plain data. */
export interface Named {
  readonly name: string;
  readonly value: unknown;
}

/** The networks of an input that {@link atDestination} returned. */
export function networksOf(input: Input): readonly Named[] {
  return input.items.flatMap((item) => {
    const identity = identityOf(item);
    return identity !== undefined && isNetwork(identity) ? [{ name: nameOf(identity), value: readValue(item) }] : [];
  });
}

function nameOf({ namespace, name }: Identity): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** The value of an item; undefined if it cannot be read, which validation reports. */
function readValue(item: Item): unknown {
  try {
    return valueOf(item);
  } catch (error) {
    if (error instanceof ItemUnreadable) return undefined;
    throw error;
  }
}

function withFields(value: unknown, namespace: string, fields: Fields): unknown {
  if (!isFields(value)) return undefined;
  const metadata = isFields(value['metadata']) ? value['metadata'] : {};
  const placed = namespace === '' ? value : { ...value, metadata: { ...metadata, namespace } };
  return Object.entries(fields).reduce<unknown>((object, [path, text]) => {
    const { value: wanted, failure } = parse(text);
    if (failure !== undefined)
      throw new UsageError(`the parameter for \`${path}\` is ${quote(text)}, and must be YAML: ${failure.reason}`);
    return withField(object, path.split('.'), wanted, path);
  }, placed);
}

function withField(object: unknown, [key = '', ...rest]: readonly string[], value: unknown, path: string): unknown {
  if (object !== undefined && object !== null && !isFields(object)) {
    throw new UsageError(`a parameter sets \`${path}\`, but the field above \`${key}\` is ${quote(object)}`);
  }
  const below = isFields(object) && Object.hasOwn(object, key) ? object[key] : undefined;
  return { ...object, [key]: rest.length === 0 ? value : withField(below, rest, value, path) };
}
