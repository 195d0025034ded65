import { isTransportAnnotation, isLocalConfig, LOCAL_CONFIG_ANNOTATION } from './annotations.ts';
import { isNetwork } from '../marks.ts';
import { type Identity, identityOfValue } from './identity.ts';
import type { Changes, Input, KubernetesObject } from './input.ts';
import { annotationsOf, identityOf, isReadable, itemOf, mentions, textOf, type Item } from './item.ts';
import { print } from './print.ts';
import { closed } from '../yaml/closing.ts';
import { joinStreams, lineEndOf } from './streams.ts';
import { withoutTransport } from './transport.ts';
import { HASH } from '../yaml/text/characters.ts';
import { columnOf, nextLine, skipBlanks } from '../yaml/text/lines.ts';
import { inPlace } from '../yaml/text/slice.ts';
import { sourceOf } from '../yaml/text/source.ts';

/** A document of the output. Its identity is undefined if it is not a Kubernetes object. */
export interface OutputDocument {
  readonly identity: Identity | undefined;
  /** The item that was read; undefined for an object that was rendered. */
  readonly item: Item | undefined;
  /** YAML with a final line end. */
  readonly text: string;
}

/**
 * The output as documents, for input of both formats: without GatewayNetworks, without objects that
 * are not for the cluster, and without the annotations of the orchestrator. Comments before an object
 * stay.
 */
export function documentsOf(input: Input, changes: Changes): readonly OutputDocument[] {
  const documents: OutputDocument[] = [];
  for (const item of input.items) {
    const now = changes.edited.has(item) ? changes.edited.get(item) : ownText(item);
    if (now === undefined || !isForCluster(changes.edited.has(item) ? itemWith(now) : item)) continue;
    const text = commentsBefore(item) + withoutTransport(now);
    documents.push({ identity: identityOf(item), item, text: closed(text, lineEndOf(text)) });
  }
  for (const object of changes.added) {
    if (isLocalConfig(object.metadata?.annotations ?? {})) continue;
    documents.push({ identity: identityOfValue(object), item: undefined, text: print(forCluster(object)) });
  }
  return documents;
}

/** The documents of {@link documentsOf} as one stream. */
export function writeDocuments(input: Input, changes: Changes): string {
  return joinStreams(documentsOf(input, changes).map(({ text }) => text));
}

/**
 * The text of a document as it was read, or of an element of a list as a document. An unreadable
 * element keeps its columns: another indentation could make it readable with another meaning.
 */
function ownText(item: Item): string {
  const { source, start, end, column } = item;
  if (item.sequence.style === 'Stream') {
    // A comment or a tab may be indented less than the first key.
    const spaces = Math.min(column, columnOf(source.text, 0, start));
    return ' '.repeat(spaces) + source.text.slice(start, end);
  }
  return identityOf(item) !== undefined || isReadable(item) ? textOf(item) : inPlace(source.text, item);
}

function itemWith(text: string): Item {
  return itemOf(sourceOf(text, undefined), { style: 'Stream' }, { outer: 0, start: 0, end: text.length, column: 0 }, 0);
}

function isForCluster(item: Item): boolean {
  const identity = identityOf(item);
  if (identity && isNetwork(identity)) return false;
  return !mentions(item, LOCAL_CONFIG_ANNOTATION) || !isLocalConfig(annotationsOf(item));
}

/** The comment lines before an item, without their indentation. */
function commentsBefore({ source: { text }, outer, start }: Item): string {
  const lines: string[] = [];
  for (let line = outer; line < start; line = nextLine(text, line, start)) {
    const at = skipBlanks(text, line, start);
    if (text.charCodeAt(at) === HASH && at < start) lines.push(text.slice(at, nextLine(text, at, start)));
  }
  return lines.join('');
}

function forCluster(object: KubernetesObject): KubernetesObject {
  const { annotations, ...metadata } = object.metadata ?? {};
  if (annotations === undefined || !Object.keys(annotations).some(isTransportAnnotation)) return object;
  const kept = Object.fromEntries(Object.entries(annotations).filter(([key]) => !isTransportAnnotation(key)));
  return { ...object, metadata: Object.keys(kept).length === 0 ? metadata : { ...metadata, annotations: kept } };
}
