import { LIMITS } from '../limits.ts';
import { Fault } from './cursor.ts';
import type { Failure } from './failure.ts';
import type { MapNode, Node, Pair, Scalar, YamlDocument } from './node.ts';
import { integerOf, YAML_TAG } from './resolve.ts';

/** The maximum number of values after aliases are followed; kubectl allows at most four times as many. */
const MAX_VALUES = 1_000_000;
/** The deepest nesting after aliases are followed, since recursive functions walk the values. */
const MAX_DEPTH = 500;
const NO_MAP = 'a merged value must be a map, or a list of maps';

export type PlainValue =
  | {
      readonly value: unknown;
      /** The first duplicate key of a mapping. The last of the duplicates counts, as in kubectl. */
      readonly repeated: Failure | undefined;
      readonly failure?: undefined;
    }
  | { readonly value?: undefined; readonly failure: Failure };

interface ReadValue {
  readonly value: unknown;
  /** The number of values after aliases are followed, including itself. */
  readonly size: number;
  readonly depth: number;
  /** The number of keys of a mapping. Keys that merges bring count each time. */
  readonly keys?: number;
}

interface Reader {
  readonly anchors: Map<Node, ReadValue>;
  readonly scalarValue: (scalar: Scalar) => unknown;
  repeated: Failure | undefined;
  /** The number of keys that merges (`<<`) brought. */
  merged: number;
}

/**
 * A document as plain data, as kubectl converts it to JSON. An alias gives the same object in all places. `scalarValue`
 * can give scalars other values.
 */
export function plainValue(
  { contents }: Pick<YamlDocument, 'contents'>,
  scalarValue = (scalar: Scalar): unknown => scalar.value,
): PlainValue {
  if (contents === undefined) return { value: null, repeated: undefined };
  const reader: Reader = { anchors: new Map(), scalarValue, repeated: undefined, merged: 0 };
  try {
    return { value: read(reader, contents).value, repeated: reader.repeated };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { failure: error.failure };
  }
}

function read(reader: Reader, node: Node): ReadValue {
  if (node.kind === 'Alias') {
    // The anchored node comes before the alias, and was read then.
    const result = node.target && (reader.anchors.get(node.target) ?? read(reader, node.target));
    if (result === undefined) {
      throw new Fault(`the alias *${node.name} has no anchor before it in the same object`, node.range.start);
    }
    return result;
  }
  const result = readContent(reader, node);
  if (result.size > MAX_VALUES) {
    throw new Fault(
      `must not expand to more than ${MAX_VALUES} values when its aliases are followed`,
      node.range.start,
    );
  }
  if (result.depth > MAX_DEPTH) {
    throw new Fault(`must not nest deeper than ${MAX_DEPTH} levels when its aliases are followed`, node.range.start);
  }
  if (node.anchor !== undefined) reader.anchors.set(node, result);
  return result;
}

function readContent(reader: Reader, node: Exclude<Node, { kind: 'Alias' }>): ReadValue {
  if (node.kind === 'Scalar') return { value: numberChecked(reader.scalarValue(node), node), size: 1, depth: 1 };
  if (node.kind === 'Map') return readMap(reader, node);
  let size = 1;
  let depth = 1;
  const value = node.items.map((item) => {
    const result = read(reader, item);
    size += result.size;
    depth = Math.max(depth, result.depth + 1);
    if (size > MAX_VALUES) return undefined;
    return result.value;
  });
  return { value, size, depth };
}

function numberChecked(value: unknown, { text, range }: Scalar): unknown {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  throw new Fault(`${text} is not a number that Kubernetes can read`, range.start);
}

function readMap(reader: Reader, node: MapNode): ReadValue {
  const map: Record<string, unknown> = {};
  const own = new Set<string>();
  let size = 1;
  let depth = 1;
  let keys = 0;
  for (const pair of node.items) {
    const isMerged = isMerge(pair);
    const result = isMerged ? readMerged(reader, pair, map, MAX_VALUES - size) : readPair(reader, pair, map, own);
    keys += isMerged ? (result.keys ?? 0) : 1;
    size += result.size;
    depth = Math.max(depth, result.depth + (isMerged ? 0 : 1));
    if (size > MAX_VALUES) break;
  }
  return { value: map, size, depth, keys };
}

function readPair(reader: Reader, { key, value }: Pair, map: Record<string, unknown>, own: Set<string>): ReadValue {
  const name = keyOf(reader, key);
  const offset = key.range.start;
  if (own.has(name)) {
    reader.repeated ??= { reason: `the key ${JSON.stringify(name)} must not stand twice in one map`, offset };
  }
  own.add(name);
  const result = value === null ? { value: null, size: 1, depth: 1 } : read(reader, value);
  put(map, name, result.value);
  return result;
}

/** Whether a pair is a merge key, which brings the entries of other mappings (YAML 1.1 type repository, merge). */
export function isMerge({ key }: Pair): boolean {
  if (key.kind !== 'Scalar' || key.text !== '<<') return false;
  return key.tag === undefined ? key.style === 'Plain' : key.tag === '!' || key.tag === `${YAML_TAG}merge`;
}

/** Merged entries replace the entries before them, but not those after them, as in go-yaml v2. */
function readMerged(reader: Reader, { key, value }: Pair, map: Record<string, unknown>, most: number): ReadValue {
  if (value === null) throw new Fault(NO_MAP, key.range.start);
  // Of several mappings, the first has precedence.
  const sources = value.kind === 'List' ? value.items.toReversed() : [value];
  let [size, depth, keys] = [0, 1, 0];
  for (const source of sources) {
    const target = source.kind === 'Alias' ? source.target : source;
    const result = read(reader, source);
    if (target?.kind !== 'Map') throw new Fault(NO_MAP, source.range.start);
    keys += result.keys ?? 0;
    reader.merged += result.keys ?? 0;
    if (reader.merged > LIMITS.MERGED) {
      throw new Fault(`must not get more than ${LIMITS.MERGED} keys from merges (\`<<\`)`, key.range.start);
    }
    [size, depth] = [size + result.size, Math.max(depth, result.depth)];
    if (size > most) break;
    for (const [name, entry] of Object.entries(result.value as object)) put(map, name, entry);
  }
  return { value: map, size, depth, keys };
}

function put(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, configurable: true, enumerable: true, writable: true });
  else map[key] = value;
}

/** A key as text, as in JSON; a {@link Fault} if it cannot be one. */
function keyOf(reader: Reader, key: Node): string {
  const node = key.kind === 'Alias' ? key.target : key;
  if (key.kind !== 'Scalar') read(reader, key);
  else if (key.anchor !== undefined) reader.anchors.set(key, { value: key.value, size: 1, depth: 1 });
  const name = node?.kind === 'Scalar' ? keyText(node) : undefined;
  if (name !== undefined) return name;
  const isEmpty = node?.kind === 'Scalar' && node.value === null;
  throw new Fault(isEmpty ? 'a key must not be empty' : 'a key must be a text', key.range.start);
}

/** A scalar key as text, as in JSON: `n` is `false`, and `0x10` is `16`. Undefined for a value that cannot be a key. */
export function keyText({ value, text }: Scalar): string | undefined {
  if (typeof value === 'string' || value === null) return value ?? undefined;
  if (typeof value === 'boolean') return String(value);
  const integer = integerOf(text);
  if (integer === undefined) return floatKey(value);
  return integer < 1n << 63n ? String(integer) : undefined;
}

/** Formats a number like Go's strconv.FormatFloat(value, 'g', -1, 32). */
function floatKey(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  let digits = 1;
  while (Math.fround(Number(single.toPrecision(digits))) !== single) digits += 1;
  const [mantissa = '', exponent = '0'] = single.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return plainFloat(single, digits);
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function plainFloat(value: number, digits: number): string {
  if (Object.is(value, -0)) return '-0';
  const text = value.toPrecision(digits);
  return text.includes('e') ? String(Number(text)) : text;
}
