import { columnAt, type Cursor, Fault } from './cursor.ts';
import type { Token } from './token.ts';

/** How many characters may stand between the beginning of a key without `?` and its colon (YAML 1.1, 7.1). */
const MAX_KEY = 1024;

/** What will turn out to be a key if a colon follows. */
interface PossibleKey {
  /** How many tokens came before it. */
  readonly number: number;
  readonly start: number;
  readonly lineStart: number;
  /** Whether only a key is possible there. */
  readonly isRequired: boolean;
}

/** Takes a text apart, token by token, as go-yaml does: a key is only known by the colon behind it, on the same line. */
export interface Scanner extends Cursor {
  /** Scanned and not yet taken. */
  readonly tokens: Token[];
  /** How many were taken. */
  taken: number;
  readonly indents: number[];
  /** The latest one in each open bracket, and outside of all. */
  readonly keys: (PossibleKey | undefined)[];
  /** Whether a key may begin here. */
  mayBeKey: boolean;
}

/** Whether a colon may still make it a key. Throws {@link Fault} where one has to. */
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
