/** The place of one object in a text: a document of a stream, or an element of a sequence. */
export interface Slice {
  /** Where it begins with what belongs to it: the comments before it, its `- ` or its `---`. */
  readonly outer: number;
  /** Its own text, up to but not including `end`. */
  readonly start: number;
  readonly end: number;
  /** The column of its keys. All lines of its text but the first are indented by that. */
  readonly column: number;
}

/** The text of a slice as a document of its own: its top-level keys are in the first column. */
export function dedent(text: string, { start, end, column }: Slice): string {
  const own = text.slice(start, end);
  if (column === 0) return own;
  const lines = own.split('\n');
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    let at = 0;
    while (at < column && line.charCodeAt(at) === 32) at += 1;
    lines[index] = line.slice(at);
  }
  return lines.join('\n');
}

/**
 * The text of a slice with all lines in their own columns, as a parser needs it. The first line
 * begins with `column` spaces.
 */
export function inPlace(text: string, { start, end, column }: Slice): string {
  return ' '.repeat(column) + text.slice(start, end);
}

/**
 * The reverse of {@link dedent}: indents every line, except the first and the empty ones, by
 * `column` spaces.
 */
export function indent(text: string, column: number): string {
  return column === 0 ? text : text.replaceAll(/\n(?=[^\r\n])/g, `\n${' '.repeat(column)}`);
}
