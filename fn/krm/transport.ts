import { setAnnotation } from './annotate.ts';
import { scanAnnotations } from './annotation-lines.ts';
import { isTransportAnnotation } from './annotations.ts';
import { NotEditable } from '../yaml/not-editable.ts';
import { splice } from '../yaml/edit/splice.ts';
import { scalarOf, type Entry } from '../yaml/text/entries.ts';
import { contentAt } from '../yaml/text/lines.ts';

/** Keys that may be annotations of an orchestrator. */
const CANDIDATES =
  /(?:internal\.config\.kubernetes\.io|kustomize\.config\.k8s\.io)\/[\w.-]+|config\.(?:kubernetes|k8s)\.io\/\w+/g;

/**
 * The text of an object without the annotations of the orchestrator, and without `annotations` if
 * nothing else is in it. They stay if an anchor shares them with another place: they are harmless
 * in a cluster, but a change of that place may not be.
 */
export function withoutTransport(text: string): string {
  if (!text.includes('config.k')) return text;
  const keys = new Set(text.match(CANDIDATES)?.filter(isTransportAnnotation));
  if (keys.size === 0) return text;
  const scanned = scan(text);
  if (scanned !== undefined) return scanned;
  let plain = text;
  try {
    for (const key of keys) plain = setAnnotation(plain, ['metadata'], key, undefined);
  } catch (error) {
    if (!(error instanceof NotEditable)) throw error;
  }
  return plain;
}

/** The same for block style, without parsing; undefined if parsing has to decide. */
function scan(text: string): string | undefined {
  const found = scanAnnotations(text, contentAt(text, 0, text.length), text.length, 0);
  if (found === undefined) return undefined;
  const { metadata, annotations, entries } = found;
  const transportEntries = entries.filter(({ key }) => isTransportAnnotation(key));
  if (!transportEntries.every((entry) => isPlain(text, entry))) return undefined;
  const isEmptied = transportEntries.length === entries.length;
  if (isEmptied && (metadata.length === 1 || !isPlainLine(text, annotations))) return undefined;
  return splice(
    text,
    (isEmptied ? [annotations] : transportEntries).map((entry) => lines(text, entry)),
  );
}

/** Whether an entry is a simple scalar without comments below it. */
function isPlain(text: string, entry: Entry): boolean {
  return scalarOf(text, entry) !== undefined && isPlainLine(text, entry);
}

function isPlainLine(text: string, { start, end }: Entry): boolean {
  return !text.slice(start, end).includes('#');
}

function lines(text: string, entry: Entry): { start: number; end: number; text: string } {
  return { start: lineOf(text, entry), end: entry.end, text: '' };
}

function lineOf(text: string, { start }: Entry): number {
  return text.lastIndexOf('\n', start) + 1;
}
