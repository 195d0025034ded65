import { isFields } from '../yaml/fields.ts';
import type { ResourceRef } from './problem.ts';
import { parse } from '../yaml/parse.ts';
import { entriesBelow, entriesOf, scalarOf, type Entry } from '../yaml/text/entries.ts';

/** What names an object in a cluster. Two objects with the same {@link identityKey} are the same object. */
export interface Identity {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty if the object has none yet. */
  readonly name: string;
  /** Empty if the object has none. */
  readonly namespace: string;
}

/** API group (without the version), kind, namespace and name, in one string. */
export function identityKey(identity: Identity): string {
  const slash = identity.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : identity.apiVersion.slice(0, slash);
  return `${group}/${identity.kind}/${identity.namespace}/${identity.name}`;
}

/** How a problem refers to an object. */
export function refOf({ namespace, ...identity }: Identity): ResourceRef {
  return { ...identity, ...(namespace !== '' && { namespace }) };
}

/**
 * The identity of an object in block style, found without parsing. The first key is at `start`, in
 * `column`. Undefined if parsing has to decide; {@link identityOfValue} then finds it.
 */
export function scanIdentity(text: string, start: number, end: number, column: number): Identity | undefined {
  const found = fieldsOf(entriesOf(text, start, end, column), ['apiVersion', 'kind', 'metadata']);
  if (found === undefined) return undefined;
  const [apiVersion, kind] = [stringOf(text, found[0]), stringOf(text, found[1])];
  if (!apiVersion || !kind) return undefined;
  const metadata = found[2];
  if (metadata === undefined) return { apiVersion, kind, name: '', namespace: '' };
  const inner = fieldsOf(entriesBelow(text, metadata, column), ['name', 'namespace']);
  // For example, `metadata` is in flow style. The rest of the object may be long and is not parsed.
  if (inner === undefined) {
    const value = valueOf(text, metadata);
    return value === undefined ? undefined : identityOfValue({ apiVersion, kind, metadata: value });
  }
  const name = inner[0] === undefined ? '' : stringOf(text, inner[0]);
  const namespace = inner[1] === undefined ? '' : stringOf(text, inner[1]);
  return name === undefined || namespace === undefined ? undefined : { apiVersion, kind, name, namespace };
}

/** The identity of a parsed object; undefined if it is not a Kubernetes object. */
export function identityOfValue(value: unknown): Identity | undefined {
  if (!isFields(value)) return undefined;
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || apiVersion === '' || kind === '') return undefined;
  const named = isFields(metadata) ? metadata : {};
  return { apiVersion, kind, name: textIn(named['name']), namespace: textIn(named['namespace']) };
}

/**
 * The mapping that an entry holds, parsed alone; undefined if that is not possible, for example
 * because of an alias whose anchor is outside.
 */
function valueOf(text: string, entry: Entry): unknown {
  const { value } = parse(text.slice(entry.value, entry.end));
  return isFields(value) ? value : undefined;
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function stringOf(source: string, entry: Entry | undefined): string | undefined {
  return entry === undefined ? undefined : scalarOf(source, entry)?.value;
}

/** The entries of the given keys, in that order; undefined if one of them is not unique. */
function fieldsOf(entries: readonly Entry[] | undefined, keys: readonly string[]): (Entry | undefined)[] | undefined {
  if (entries === undefined) return undefined;
  const found: (Entry | undefined)[] = keys.map(() => undefined);
  for (const entry of entries) {
    const at = keys.indexOf(entry.key);
    if (at < 0) continue;
    if (found[at] !== undefined) return undefined;
    found[at] = entry;
  }
  return found;
}
