import { columnAt, type Cursor, Fault } from './cursor.ts';
import type { Token } from './token.ts';

/**
 * The maximum number of characters from the start of a key without `?` to its colon (YAML 1.1,
 * section 7.1).
 */
const MAX_KEY = 1024;

/** A token that is a key if a colon follows it. */
interface PossibleKey {
  /** The number of tokens before it. */
  readonly number: number;
  readonly start: number;
  readonly lineStart: number;
  /** Whether only a key is possible at its place. */
  readonly isRequired: boolean;
}

/**
 * The state of the scanner, which splits a text into tokens like go-yaml. Only the colon after a
 * key, on the same line, shows that it is a key.
 */
export interface Scanner extends Cursor {
  /** Tokens that were scanned and not yet taken. */
  readonly tokens: Token[];
  /** The number of tokens that were taken. */
  taken: number;
  readonly indents: number[];
  /** The latest possible key in each open flow collection, and outside of all. */
  readonly keys: (PossibleKey | undefined)[];
  /** Whether a key may begin here. */
  mayBeKey: boolean;
}

/**
 * Whether a colon can still make it a key.
 * @throws {@link Fault} if it cannot, and only a key is possible
 */
export function isAlive(scanner: Scanner, key: PossibleKey): boolean {
  const { text, at, lineStart } = scanner;
  const isNear =
    key.lineStart === lineStart &&
    (at - key.start <= MAX_KEY ||
      (at - key.start <= 2 * MAX_KEY && Array.from(text.slice(key.start, at)).length <= MAX_KEY));
  if (!isNear && key.isRequired) throw missingColon(key);
  return isNear;
}

function missingColon({ start }: PossibleKey): Fault {
  return new Fault('a colon and a space must follow a key, in the same line', start);
}

export function saveKey(scanner: Scanner): void {
  const { tokens, taken, at, lineStart, keys } = scanner;
  if (!scanner.mayBeKey) return;
  const isRequired = scanner.flow === 0 && scanner.indent === columnAt(scanner);
  dropKey(scanner);
  keys[keys.length - 1] = { number: taken + tokens.length, start: at, lineStart, isRequired };
}

export function dropKey({ keys }: Scanner): void {
  const key = keys.at(-1);
  if (key?.isRequired) throw missingColon(key);
  keys[keys.length - 1] = undefined;
}
