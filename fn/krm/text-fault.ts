import { LIMITS, mebibytes } from '../yaml/limits.ts';
import type { Failure } from '../yaml/parse.ts';
import type { Source } from '../yaml/text/source.ts';

/** `size` is that of all texts so far, in characters. */
export function sizeFault(size: number): Failure | undefined {
  if (size <= LIMITS.INPUT) return undefined;
  return { reason: `the input must not be larger than ${mebibytes(LIMITS.INPUT)}`, offset: 0 };
}

/** Half of a surrogate pair. UTF-8 cannot represent it, so the output cannot contain it. */
export function surrogateFault({ text, isPrintable }: Source): Failure | undefined {
  if (isPrintable || text.isWellFormed()) return undefined;
  const offset = text.search(/[\uD800-\uDFFF]/u);
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  return { reason: `the input must not hold the character U+${code}`, offset };
}
