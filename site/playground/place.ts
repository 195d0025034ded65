/** Where a cursor is in a document of YAML. */
export interface Place {
  /** The keys above it, from the root; `[]` is an entry of a list. */
  readonly path: readonly string[];
  /** `key`: a field is being written. `value`: the value of the last key of the path, or an entry of its list. */
  readonly at: 'key' | 'value';
  /** Fields that the same mapping has. */
  readonly siblings: readonly string[];
  /** Where the word at the cursor begins. */
  readonly from: number;
  /** The column of the field, or of the field whose value it is. */
  readonly column: number;
}

interface Frame {
  readonly column: number;
  readonly name: string;
}

interface Line {
  /** Columns of the dashes before its field. */
  readonly dashes: readonly number[];
  readonly column: number;
  readonly key: string | undefined;
  readonly rest: string;
}

const ENTRY = '[]';
const LINE = /^((?: |- )*)(?:["']?([\w./-]+)["']?:(?=\s|$))?(.*)$/;
const NOTHING = /^\s*(?:#.*)?$/;

/** The place at an offset: by indentation, and within a line by brackets. Nothing in a comment or amid a text. */
export function placeAt(text: string, offset: number): Place | undefined {
  const { start, end } = documentAt(text, offset);
  const before = text.slice(start, offset).split('\n');
  const current = before.pop() ?? '';
  if (/(?:^|\s)#/.test(current)) return undefined;
  const word = /[\w./-]*$/.exec(current)?.[0] ?? '';
  const from = offset - word.length;
  const line = readLine(current);
  const frames = before
    .filter((one) => !NOTHING.test(one))
    .reduce<readonly Frame[]>((all, one) => enter(all, readLine(one)), []);
  const path = enter(frames, line).map(({ name }) => name);
  const { column } = line;
  const flow = flowAt(line.rest);
  if (flow !== undefined) return { ...flow, path: [...path, ...flow.path], from, column };
  if (line.key !== undefined) return { path, at: 'value', siblings: [], from, column };
  if (line.rest !== word) return undefined;
  const after = text.slice(offset, end).split('\n').slice(1);
  return { path, at: 'key', siblings: siblingsOf(before, line, after), from, column };
}

function documentAt(text: string, offset: number): { readonly start: number; readonly end: number } {
  const marks = [...text.matchAll(/^---.*\n?/gm)];
  const last = marks.findLast(({ index }) => index < offset);
  const next = marks.find(({ index }) => index >= offset);
  return { start: last === undefined ? 0 : last.index + last[0].length, end: next?.index ?? text.length };
}

/** The document that an offset is in. */
export function documentTextAt(text: string, offset: number): string {
  const { start, end } = documentAt(text, offset);
  return text.slice(start, end);
}

function readLine(text: string): Line {
  const [, indent = '', key, rest = ''] = LINE.exec(text) ?? [];
  return { dashes: [...indent.matchAll(/-/g)].map(({ index }) => index), column: indent.length, key, rest };
}

/** What holds the line below a line. A list may begin at the column of its key. */
function enter(frames: readonly Frame[], { dashes, column, key }: Line): readonly Frame[] {
  const kept = [...frames];
  const drop = (isOver: (frame: Frame) => boolean) => {
    while (kept.length > 0 && isOver(kept.at(-1) as Frame)) kept.pop();
  };
  for (const dash of dashes) {
    drop((top) => top.column > dash || (top.column === dash && top.name === ENTRY));
    kept.push({ column: dash, name: ENTRY });
  }
  drop((top) => top.column >= column);
  return key === undefined ? kept : [...kept, { column, name: key }];
}

/** The fields at the column of a line, above and below it, in the same mapping. */
function siblingsOf(above: readonly string[], { column, dashes }: Line, below: readonly string[]): readonly string[] {
  const found: string[] = [];
  const isFirst = dashes.length > 0;
  const look = (text: string, isAbove: boolean): boolean => {
    if (NOTHING.test(text)) return true;
    const line = readLine(text);
    const begins = line.dashes.some((dash) => dash < column);
    if (line.column < column || (begins && !isAbove)) return false;
    if (line.column === column && line.key !== undefined) found.push(line.key);
    return !begins;
  };
  if (!isFirst) for (const text of above.toReversed()) if (!look(text, true)) break;
  for (const text of below) if (!look(text, false)) break;
  return found;
}

/** Within the brackets that a line has opened; nothing where it has none. */
function flowAt(text: string): Pick<Place, 'path' | 'at' | 'siblings'> | undefined {
  const open: { readonly bracket: string; key?: string; readonly keys: string[] }[] = [];
  for (const [part] of text.matchAll(/[{}[\],]|["']?[\w./-]+["']?:(?=\s|$)|[^\s{}[\],]+/g)) {
    const top = open.at(-1);
    if (part === '{' || part === '[') open.push({ bracket: part, keys: [] });
    else if (part === '}' || part === ']') open.pop();
    else if (part === ',') delete top?.key;
    else if (part.endsWith(':') && top !== undefined) {
      top.key = part.replaceAll(/["':]/g, '');
      top.keys.push(top.key);
    }
  }
  const top = open.at(-1);
  if (top === undefined) return undefined;
  const path = open.flatMap(({ bracket, key }) => (bracket === '[' ? [ENTRY] : key === undefined ? [] : [key]));
  if (top.bracket === '[') return { path, at: 'value', siblings: [] };
  return { path, at: top.key === undefined ? 'key' : 'value', siblings: top.keys };
}
