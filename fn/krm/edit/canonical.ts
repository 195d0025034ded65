/** Lines of a text, and the one to be read next. */
interface Reader {
  readonly lines: readonly string[];
  at: number;
}

/** What a text says, wrapped, since null is a value. */
interface Said {
  readonly value: unknown;
}

/** `key:` or `"key":` and what is behind it. */
const ENTRY = /^(?:([\w/][\w./-]*)|"([\w./ -]*)"):(?: +(.*))?$/;
/** What could be a number as a key. */
const NUMERIC = /^[\d.]/;
/** What ends a line in YAML 1.1 besides U+000A, and what YAML may not hold. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const HIDDEN = /[\0-\x08\x0B-\x1F\x7F-\x9F\u2028\u2029\uFFFE\uFFFF]/;
/** Bounds the depth of the recursion. */
const MAX_COLUMN = 250;
const INTEGER = /^(?:0|-?[1-9]\d{0,14})$/;
/** Words of letters that are no type of YAML 1.1, and what only looks like a number: `10.0.0.1`, `10.0.0.0/8`, `64Mi`, `5s`. */
const WORDS = /^[A-Za-z/][\w./:@,=+ -]*$/;
const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
const NOT_A_NUMBER = /^\d+(?:\.\d+){2,}$|^[\d.]+\/\d+$|^\d+(?:[KMGTP]i?|ms?|s|h)$/;

/**
 * What a text says that is laid out as programs lay manifests out: block style, one line a scalar, literal blocks. Some fifty
 * times as fast as a parser. Undefined for all other texts, which may say anything: a parser has to decide about them.
 */
export function readCanonical(text: string): Said | undefined {
  if (HIDDEN.test(text) || !text.isWellFormed()) return undefined;
  const reader: Reader = { lines: text.split('\n'), at: 0 };
  const indent = nextIndent(reader);
  const said = indent === 0 ? readMap(reader, 0, '') : undefined;
  return said && nextIndent(reader) < 0 ? said : undefined;
}

/** Goes on to a line with content; its indentation, or -1 at the end. */
function nextIndent(reader: Reader): number {
  for (; reader.at < reader.lines.length; reader.at += 1) {
    const indent = reader.lines[reader.at]?.search(/[^ ]/) ?? -1;
    if (indent >= 0 && reader.lines[reader.at]?.[indent] !== '#') return indent;
  }
  return -1;
}

/** A map at a column; `first` is its first line where that stands behind a `-`. */
function readMap(reader: Reader, column: number, first: string): Said | undefined {
  if (column > MAX_COLUMN) return undefined;
  const map: Record<string, unknown> = {};
  for (let rest = first; rest !== '' || nextIndent(reader) === column; rest = '') {
    const line = rest === '' ? (reader.lines[reader.at]?.slice(column) ?? '') : rest;
    const [, plain, quoted, inline = ''] = ENTRY.exec(line) ?? [];
    const key = plain ?? quoted;
    if (plain !== undefined && (RESERVED.test(plain) || NUMERIC.test(plain))) return undefined;
    if (key === undefined || key === '__proto__' || Object.hasOwn(map, key)) return undefined;
    reader.at += 1;
    const said = readValue(reader, column, inline);
    if (!said) return undefined;
    map[key] = said.value;
  }
  return nextIndent(reader) > column ? undefined : { value: map };
}

function readList(reader: Reader, column: number, first: string): Said | undefined {
  if (column > MAX_COLUMN) return undefined;
  const list: unknown[] = [];
  for (let rest = first; rest !== '' || nextIndent(reader) === column; rest = '') {
    const line = rest === '' ? (reader.lines[reader.at]?.slice(column) ?? '') : rest;
    if (!line.startsWith('- ')) break;
    const said = readElement(reader, column + 2, line.slice(2));
    if (!said) return undefined;
    list.push(said.value);
  }
  return { value: list };
}

function readElement(reader: Reader, column: number, line: string): Said | undefined {
  if (line.startsWith('- ')) return readList(reader, column, line);
  if (ENTRY.test(line)) return readMap(reader, column, line);
  reader.at += 1;
  return line === '' || line.startsWith('|') ? undefined : readScalar(line);
}

/** The value of an entry at a column; `inline` is what stands behind its colon. */
function readValue(reader: Reader, column: number, inline: string): Said | undefined {
  if (inline.startsWith('|')) return readLiteral(reader, column, inline);
  if (inline !== '') return nextIndent(reader) > column ? undefined : readScalar(inline);
  const indent = nextIndent(reader);
  const isList = reader.lines[reader.at]?.startsWith('- ', indent) ?? false;
  if (isList && indent >= column) return readList(reader, indent, '');
  return indent > column ? readMap(reader, indent, '') : undefined;
}

function readLiteral(reader: Reader, column: number, header: string): Said | undefined {
  const indent = reader.lines[reader.at]?.search(/[^ ]/) ?? -1;
  if ((header !== '|' && header !== '|-') || indent <= column) return undefined;
  const margin = ' '.repeat(indent);
  const start = reader.at;
  while (reader.lines[reader.at]?.startsWith(margin) === true || reader.lines[reader.at] === '') reader.at += 1;
  // What lines of spaces mean depends on what is around them, and on the end of the text.
  const lines = reader.lines.slice(start, reader.at);
  if (reader.at === reader.lines.length && lines.at(-1) !== '') return undefined;
  if ([...lines, reader.lines[reader.at] ?? ''].some((line) => line !== '' && line.trim() === '')) return undefined;
  while (lines.at(-1) === '') lines.pop();
  const value = lines.map((line) => line.slice(indent)).join('\n');
  return { value: value + (header === '|' ? '\n' : '') };
}

function readScalar(text: string): Said | undefined {
  if (text === '{}') return { value: {} };
  if (text === '[]') return { value: [] };
  if (text === 'null') return { value: null };
  if (text === 'true' || text === 'false') return { value: text === 'true' };
  if (INTEGER.test(text)) return { value: Number(text) };
  if (/^"[^"\\]*"$/.test(text)) return { value: text.slice(1, -1) };
  if (/^'[^']*'$/.test(text)) return { value: text.slice(1, -1) };
  const isString = WORDS.test(text) ? !RESERVED.test(text) && !/: |[: ]$/.test(text) : NOT_A_NUMBER.test(text);
  return isString ? { value: text } : undefined;
}
