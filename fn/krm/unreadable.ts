/**
 * Thrown if the value of an item is needed and its text is not valid YAML or JSON. Callers turn it
 * into a problem.
 */
export class ItemUnreadable extends Error {
  /** What is wrong, without the position. */
  readonly reason: string;
  /** The position in the text that was read, counted from 1. */
  readonly line: number;
  readonly column: number;

  constructor(reason: string, line: number, column: number) {
    super(`line ${line}, column ${column}: ${reason}`);
    this.name = 'ItemUnreadable';
    this.reason = reason;
    this.line = line;
    this.column = column;
  }
}
