import { type Cursor, Fault, isGap, skipBlanks, skipComment, takeBreak } from './cursor.ts';
import type { Token } from './token.ts';

/** The name of an anchor or an alias, and what may follow it. */
const NAME = /[\w-]+(?=[ \t\r\n\x85\u2028\u2029?:,\]}%@`]|$)/y;
const HANDLE = /!(?:[\w-]*!)?/y;
const URI = /(?:[\w;/?:@&=+$,.!~*'()[\]-]|%[\da-f]{2})*/iy;
const DIRECTIVE = /%(?:YAML[ \t]+(?<version>\d{1,2}\.\d{1,2})|TAG[ \t]+(?<handle>!(?:[\w-]*!)?)[ \t]+(?<prefix>\S+))/y;

/** `&name` or `*name`. */
export function scanAnchor(cursor: Cursor, kind: 'Anchor' | 'Alias'): Token {
  const { at: start } = cursor;
  cursor.at += 1;
  const text = take(cursor, NAME)?.[0];
  if (text === undefined) {
    throw new Fault('the name of an anchor must consist of letters, digits, `-` and `_`', start);
  }
  return { kind, start, end: cursor.at, text };
}

/** `!`, `!type`, `!!type`, `!handle!type` or `!<uri>`. */
export function scanTag(cursor: Cursor): Token {
  const { text, at: start } = cursor;
  let [handle, suffix] = ['', ''];
  if (text.startsWith('!<', start)) {
    cursor.at += 2;
    suffix = uriAt(cursor);
    if (suffix === '' || text.charAt(cursor.at) !== '>')
      throw new Fault('a tag that begins with `!<` must end with `>`', start);
    cursor.at += 1;
  } else {
    handle = take(cursor, HANDLE)?.[0] ?? '';
    suffix = uriAt(cursor);
    if (handle.length > 1 && suffix === '') throw new Fault('a tag must have a name', start);
    if (suffix === '') [handle, suffix] = ['', '!'];
  }
  if (!isGap(text.charCodeAt(cursor.at))) throw new Fault('a space must follow a tag', cursor.at);
  return { kind: 'Tag', start, end: cursor.at, text: handle, suffix };
}

/** `%YAML 1.1` or `%TAG ! prefix`. */
export function scanDirective(cursor: Cursor): Token {
  const { text, at: start } = cursor;
  const { version, handle, prefix = '' } = take(cursor, DIRECTIVE)?.groups ?? {};
  skipBlanks(cursor);
  skipComment(cursor);
  const isWhole = (version !== undefined || handle !== undefined) && isGap(text.charCodeAt(cursor.at));
  if (!isWhole) throw new Fault('a directive must be `%YAML 1.1`, or `%TAG` with a handle and a prefix', start);
  if (version !== undefined && version !== '1.1') {
    throw new Fault(`the version of YAML must be 1.1, which Kubernetes reads, but is ${version}`, start);
  }
  const end = cursor.at;
  takeBreak(cursor);
  return { kind: 'Directive', start, end, text: handle ?? '', suffix: prefix };
}

function uriAt(cursor: Cursor): string {
  const encoded = take(cursor, URI)?.[0] ?? '';
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new Fault('the escapes of a tag must spell UTF-8', cursor.at);
  }
}

function take(cursor: Cursor, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  cursor.at += match?.[0].length ?? 0;
  return match;
}
