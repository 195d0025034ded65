import { isBreak, skipComment, takeBreak } from './cursor.ts';
import type { Scanner } from './possible-key.ts';

const SPACES = / */y;
const BLANKS = /[ \t]*/y;

/** Skips blanks, comments and line breaks. */
export function skipToToken(scanner: Scanner): void {
  const { text } = scanner;
  for (;;) {
    const isTabBlank = scanner.flow > 0 || !scanner.mayBeKey;
    const blanks = isTabBlank ? BLANKS : SPACES;
    blanks.lastIndex = scanner.at;
    blanks.test(text);
    scanner.at = blanks.lastIndex;
    skipComment(scanner);
    if (!isBreak(text.charCodeAt(scanner.at))) return;
    takeBreak(scanner);
    if (scanner.flow === 0) scanner.mayBeKey = true;
  }
}
