import { Fault } from './cursor.ts';

/** The prefix of the tags of YAML's own types; `!!` is short for it. */
export const YAML_TAG = 'tag:yaml.org,2002:';

type Value = string | number | boolean | null;
type Type = 'bool' | 'float' | 'int' | 'null' | 'str';

const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);
const LONGEST_WORD = 5;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;
/** Without digits before the dot, `_` is only allowed between digits. */
const DOTTED = /^\.\d+(?:_\d+)*(?:e[-+]?\d+(?:_\d+)*)?$/i;
const INTEGER = /^([-+]?)(?:0x([\da-f]+)|0o([0-7]+)|0b([01]+)|0([0-7]+)|(0|[1-9]\d*))$/i;
const MAX_UNSIGNED = (1n << 64n) - 1n;
const MAX_SIGNED = (1n << 63n) - 1n;
/** Timestamps, as go-yaml recognizes them. They stay text. */
const TIME = /^\d{4}-\d\d?-\d\d?(?:[Tt]\d\d?:\d\d?:\d\d?(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)| \d\d?:\d\d?:\d\d?(?:\.\d+)?)?$/;

/**
 * The value of a scalar that is plain or has a tag. It is resolved like in go-yaml v2, which
 * kubectl uses: `0755` is octal, and `on` and `yes` are booleans, but dates and `12:30` are text.
 * @throws {@link Fault} if the text does not have the type of its tag
 */
export function resolve(text: string, tag: string | undefined, offset: number): Value {
  if (tag === undefined) return untagged(text);
  const type = tag.startsWith(YAML_TAG) ? tag.slice(YAML_TAG.length) : '';
  if (type === 'binary') return bytesOf(text, offset);
  if (type === 'timestamp' && TIME.test(text)) return text;
  if (!['bool', 'float', 'int', 'null', 'timestamp'].includes(type)) return text;
  const value = untagged(text);
  const actual = typeOf(value, text);
  if (actual === type || (type === 'float' && actual === 'int')) return value;
  throw new Fault(`${JSON.stringify(text)} must be what its tag \`!!${type}\` says`, offset);
}

/** The integer value of a plain scalar; undefined if it is not an integer of at most 64 bits. */
export function integerOf(text: string): bigint | undefined {
  const [, sign = '', hex, octal, binary, old, decimal] = INTEGER.exec(text.replaceAll('_', '')) ?? [];
  const digits =
    decimal ??
    (hex !== undefined
      ? `0x${hex}`
      : binary !== undefined
        ? `0b${binary}`
        : octal !== undefined
          ? `0o${octal}`
          : old && `0o${old}`);
  if (digits === undefined || !/^[-+\d]/.test(text)) return undefined;
  const size = BigInt(digits);
  const most = sign === '-' ? MAX_SIGNED + 1n : sign === '+' ? MAX_SIGNED : MAX_UNSIGNED;
  return size > most ? undefined : sign === '-' ? -size : size;
}

function untagged(text: string): Value {
  const word = text.length > LONGEST_WORD ? undefined : WORDS.get(text);
  if (word !== undefined) return word;
  if (text.startsWith('.')) return DOTTED.test(text) ? finite(Number(text.replaceAll('_', '')), text) : text;
  if (!/^[-+\d]/.test(text)) return text;
  const integer = integerOf(text);
  if (integer !== undefined) return Number(integer);
  const plain = text.replaceAll('_', '');
  return FLOAT.test(plain) ? finite(Number(plain), text) : text;
}

/** A number that is too large stays text. */
function finite(value: number, text: string): Value {
  return Number.isFinite(value) ? value : text;
}

function typeOf(value: Value, text: string): Type {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'str';
  return integerOf(text) === undefined ? 'float' : 'int';
}

/**
 * The text that base64 encodes.
 * @throws {@link Fault} if the digits are not base64, or the text is not UTF-8
 */
function bytesOf(text: string, offset: number): string {
  const digits = text.replaceAll(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(digits)) {
    throw new Fault('a value with the tag `!!binary` must be base64', offset);
  }
  const bytes = Uint8Array.from(atob(digits), (character) => character.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Fault('a value with the tag `!!binary` must spell UTF-8 text', offset);
  }
}
