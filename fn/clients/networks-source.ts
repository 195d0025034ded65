import type { ScalarSource } from '../krm/value-source.ts';
import type { Range } from './json-list.ts';
import { type Form, formatShort, rangesOf, type Wanted } from './networks-annotation.ts';

/** The content of a string as it is spelled, with the place of each character in the source. White space may differ from that of the value. */
interface Decoded {
  readonly text: string;
  /** One more than there are characters: the last is where the content ends. */
  readonly places: readonly number[];
}

/**
 * Adds an entry behind those that are there, spelled as they are: with their separator, in the quotes of the string. Undefined where
 * the string has no entry yet, or cannot hold another as it is spelled.
 */
export function insertEntry(
  scalar: ScalarSource,
  form: Form,
  wanted: Wanted,
  asked: string | undefined,
): string | undefined {
  const decoded = decode(scalar);
  // Commas end a plain string in a flow map, and a plain string cannot be JSON.
  if (decoded === undefined || (scalar.style === 'Plain' && scalar.inFlow)) return undefined;
  const { source, style } = scalar;
  const { text, places } = decoded;
  const ranges = rangesOf(text, form);
  const last = ranges.at(-1);
  const entry = encode(form === 'JSON' ? formatMember(text, wanted, asked) : formatShort(wanted, asked), style);
  if (last === undefined || last.start === last.end) {
    const open = text.indexOf('[');
    return form === 'JSON' && open >= 0 ? insertAt(source, places[open + 1], entry) : undefined;
  }
  return insertAt(source, places[last.end], separatorOf(source, decoded, form, ranges) + entry);
}

/** Takes one of several entries out, with the comma and the white space on its side; undefined where the string cannot be told. */
export function removeEntry(scalar: ScalarSource, form: Form, index: number, count: number): string | undefined {
  const decoded = decode(scalar);
  if (decoded === undefined) return undefined;
  const { text, places } = decoded;
  const ranges = rangesOf(text, form);
  const [previous, entry, next] = [ranges[index - 1], ranges[index], ranges[index + 1]];
  if (entry === undefined || ranges.length !== count) return undefined;
  const start = places[previous?.end ?? entry.start] ?? 0;
  const end = places[previous === undefined && next !== undefined ? next.start : entry.end] ?? 0;
  return scalar.source.slice(0, start) + scalar.source.slice(end);
}

function insertAt(source: string, place = 0, inserted: string): string {
  return source.slice(0, place) + inserted + source.slice(place);
}

/** The separator before the last entry; for the second of all, that which the others would have. */
function separatorOf(source: string, { text, places }: Decoded, form: Form, ranges: readonly Range[]): string {
  const [previous, last] = [ranges.at(-2), ranges.at(-1)];
  if (previous && last) return source.slice(places[previous.end], places[last.start]);
  if (form === 'Short') return ', ';
  const open = text.indexOf('[') + 1;
  const lead = text.slice(open, last?.start);
  if (lead.includes('\n')) return `,${source.slice(places[open], places[last?.start ?? open])}`;
  return isCompact(text) ? ',' : ', ';
}

/** A member of a JSON list, with spaces where the others have them. */
function formatMember(text: string, { name, namespace }: Wanted, asked: string | undefined): string {
  const members = Object.entries({ name, namespace, interface: asked }).filter(([, value]) => value !== undefined);
  const colon = isCompact(text) ? ':' : ': ';
  const pairs = members.map(([key, value]) => `${JSON.stringify(key)}${colon}${JSON.stringify(value)}`);
  return `{${pairs.join(isCompact(text) ? ',' : ', ')}}`;
}

function isCompact(text: string): boolean {
  return /":\S/.test(text);
}

function encode(text: string, style: ScalarSource['style']): string {
  if (style === 'Single') return text.replaceAll("'", "''");
  return style === 'Double' ? JSON.stringify(text).slice(1, -1) : text;
}

/** Escapes of YAML that stand for one character of a networks annotation. */
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  n: '\n',
  r: '\r',
  t: '\t',
  ' ': ' ',
};

function decode({ source, style }: ScalarSource): Decoded | undefined {
  const quoted = style === 'Single' || style === 'Double';
  const first = style === 'Block' ? source.indexOf('\n') + 1 : quoted ? 1 : 0;
  const end = quoted ? source.length - 1 : source.length;
  const places: number[] = [];
  let text = '';
  for (let at = first; at < end; at += 1) {
    places.push(at);
    let char: string | undefined = source.charAt(at);
    if (style === 'Single' && char === "'") at += 1;
    if (style === 'Double' && char === '\\') {
      at += 1;
      char = ESCAPES[source.charAt(at)];
      if (char === undefined) return undefined;
    }
    text += char;
  }
  return { text, places: [...places, end] };
}
