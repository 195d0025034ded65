import type { Failure } from './failure.ts';

// oxlint-disable-next-line no-control-regex -- these are what is looked for
const UNREADABLE = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x84\x86-\x9F\uFFFE\uFFFF]/;

/** The first character that YAML does not allow: a control character, or half of a surrogate pair. */
export function characterFault(text: string): Failure | undefined {
  const control = text.search(UNREADABLE);
  const offset = control < 0 && !text.isWellFormed() ? text.search(/[\uD800-\uDFFF]/u) : control;
  if (offset < 0) return undefined;
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
  return { reason: `must not hold the character U+${code}`, offset };
}
