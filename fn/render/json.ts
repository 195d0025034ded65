/** The longest line before an object or a list is spread over several, in characters. */
const LINE_LENGTH = 100;

/** Elements of a list that belong together, and are written on one line whatever its length. */
export class Row {
  readonly elements: readonly object[];

  constructor(elements: readonly object[]) {
    this.elements = elements;
  }
}

/** JSON for reviewers: an object or a list is on one line where that is short enough. */
export function formatJson(value: unknown): string {
  return `${format(value, '')}\n`;
}

function format(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (value instanceof Row) return value.elements.map((element) => format(element, indent)).join(', ');
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const open = isList ? '[' : '{';
  const close = isList ? ']' : '}';
  const members = isList
    ? value.map((entry) => format(entry, inner))
    : Object.entries(value).map(([key, entry]) => `${JSON.stringify(key)}: ${format(entry, inner)}`);
  if (members.length === 0) return `${open}${close}`;
  if (Object.values(value).every((entry) => typeof entry !== 'object')) {
    const line = `${open} ${members.join(', ')} ${close}`;
    if (line.length <= LINE_LENGTH) return line;
  }
  return `${open}\n${inner}${members.join(`,\n${inner}`)}\n${indent}${close}`;
}
