const LONGEST = 80;

/**
 * A user's value, which is anything that JSON has, as messages show it: in quotes, on one line, and
 * cut where it is long.
 */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value);
  return text.length > LONGEST ? `"${text.slice(0, LONGEST)}…"` : `"${text}"`;
}

/** `"a"`, `"a" or "b"`, `"a", "b" or "c"`: what a value may be. */
export function anyOf(values: readonly string[], show: (value: string) => string = quote): string {
  const shown = values.map(show);
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} or ${last}`;
}
