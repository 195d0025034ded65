/** A part of a text, without the white space around it. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where the members of a JSON list stand. The text must be such a list; white space may be any, and may stand anywhere. */
export function membersOf(text: string): readonly Range[] {
  const members: Range[] = [];
  let depth = 0;
  let start: number | undefined;
  let end = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (inString) {
      if (char === '\\') at += 1;
      else inString = char !== '"';
    } else {
      if (/\s/.test(char)) continue;
      if (depth === 1 && (char === ',' || char === ']') && start !== undefined) {
        members.push({ start, end });
        start = undefined;
      } else if (depth >= 1 && char !== ']') start ??= at;
      if (char === '"') inString = true;
      else if (char === '[' || char === '{') depth += 1;
      else if (char === ']' || char === '}') depth -= 1;
    }
    if (!/\s/.test(char)) end = at + 1;
  }
  return members;
}
