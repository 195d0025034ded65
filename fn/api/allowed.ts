import { API_VERSION, FIELDS, KIND } from './generated/fields.ts';
import { anyOf, quote } from './quote.ts';

/** What a field may hold, after "be": `an integer between 1 and 65535`. */
export function allowed(at: string): string {
  if (at === 'apiVersion') return quote(API_VERSION);
  if (at === 'kind') return quote(KIND);
  const field = FIELDS[at];
  if (field?.enum !== undefined) return anyOf(field.enum);
  return [TYPE_WORDS[field?.type ?? 'object'], allowedRange(at)].filter(Boolean).join(' ');
}

/** The numbers between which a field may be; none where it has no bounds. */
export function allowedRange(at: string): string | undefined {
  const { minimum, maximum } = FIELDS[at] ?? {};
  return minimum === undefined || maximum === undefined ? undefined : `between ${minimum} and ${maximum}`;
}

const TYPE_WORDS = {
  object: 'a mapping',
  array: 'a list',
  string: 'a string',
  integer: 'an integer',
  quantity: 'a string or an integer',
} as const;
