import { isAlias, isCollection, isMap, isPair, isScalar, type Document, type YAMLMap } from 'yaml';
import { LIMITS } from '../limits.ts';
import { mergedKeys } from './merged.ts';

/** What is wrong with a text, and at which offset in it. */
export interface Failure {
  readonly reason: string;
  readonly offset: number;
}

/** Upper bound for aliases times characters, which keeps merge keys from multiplying without end. */
const MAX_ALIAS_WORK = 2_000_000_000;

/** What a document says beyond its grammar. */
export interface Audit {
  /** What other YAML readers refuse and the library does not, or only in quadratic time. */
  readonly failure: Failure | undefined;
  /** The first alias whose anchor does not stand before it in the same document. */
  readonly unresolved: Failure | undefined;
}

/** Walks a document in its own order; how deep it nests was checked before. */
export function auditOf(document: Document.Parsed, text: string): Audit {
  const anchors = new Map<string, unknown>();
  const sizes = new Map<unknown, number>();
  let merged = 0;
  const open = new Set<string>();
  let aliases = 0;
  let failure: Failure | undefined;
  let unresolved: Failure | undefined;

  const walk = (node: unknown): void => {
    if (failure !== undefined) return;
    if (isAlias(node)) {
      aliases += 1;
      const offset = node.range?.[0] ?? 0;
      if (open.has(node.source)) {
        failure = { reason: `the alias *${node.source} must not stand within its own anchor`, offset };
      } else if (!anchors.has(node.source)) {
        unresolved ??= { reason: `the alias *${node.source} has no anchor before it in the same object`, offset };
      }
      return;
    }
    const anchor = isScalar(node) || isCollection(node) ? node.anchor : undefined;
    if (anchor !== undefined) anchors.set(anchor, node);
    if (!isCollection(node)) return;
    if (anchor !== undefined) open.add(anchor);
    if (isMap(node)) failure = tabBefore(node, text) ?? keyFault(node);
    for (const child of node.items) {
      if (isPair(child)) walk(child.key);
      walk(isPair(child) ? child.value : child);
    }
    if (anchor !== undefined) open.delete(anchor);
    if (!isMap(node)) return;
    const more = mergedKeys(node, anchors, sizes);
    sizes.set(node, node.items.length + more);
    merged += more;
    if (merged > LIMITS.MERGED) {
      const reason = `must not get more than ${LIMITS.MERGED} keys by merges (\`<<\`)`;
      failure ??= { reason, offset: node.range?.[0] ?? 0 };
    }
  };
  walk(document.contents);
  if (failure === undefined && aliases * text.length > MAX_ALIAS_WORK) {
    failure = { reason: `must not use ${aliases} aliases in a text of ${text.length} characters`, offset: 0 };
  }
  return { failure, unresolved };
}

/** A tab in the indentation of a block map (YAML 1.2.2, 6.1). */
function tabBefore(map: YAMLMap, text: string): Failure | undefined {
  const key = map.items[0]?.key;
  const at = isScalar(key) ? key.range?.[0] : undefined;
  if (map.flow || at === undefined) return undefined;
  const line = text.lastIndexOf('\n', at - 1) + 1;
  const tab = text.slice(line, at).indexOf('\t');
  return tab < 0 ? undefined : { reason: 'tabs must not be used as indentation', offset: line + tab };
}

/** A key that is not there, or stands there twice. */
function keyFault(map: YAMLMap): Failure | undefined {
  const keys = new Set<unknown>();
  for (const { key } of map.items) {
    if (!isScalar(key) || key.value === '<<') continue;
    if (key.range?.[0] === key.range?.[1]) return { reason: 'a key must not be empty', offset: key.range?.[0] ?? 0 };
    if (keys.has(key.value)) {
      return {
        reason: `the key ${JSON.stringify(key.value)} must not stand twice in one map`,
        offset: key.range?.[0] ?? 0,
      };
    }
    keys.add(key.value);
  }
  return undefined;
}
