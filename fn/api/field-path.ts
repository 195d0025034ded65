import { FIELDS } from './generated/fields.ts';

/** The steps from a value's root to a field: names of mappings, indexes of lists. */
export type Steps = readonly (string | number)[];

/** Follows a JSON Pointer (RFC 6901) into a value; steps into lists become numbers. */
export function follow(root: unknown, pointer: string): { readonly steps: Steps; readonly value: unknown } {
  const steps: (string | number)[] = [];
  let value = root;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    steps.push(Array.isArray(value) ? Number(name) : name);
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return { steps, value };
}

/** The path that users see: `spec.clients[0].selector.matchLabels["example.com/role"]`. */
export function fieldPath(steps: Steps): string {
  return steps.reduce<string>((path, step) => {
    if (typeof step === 'number') return `${path}[${step}]`;
    if (!/^[A-Za-z_]\w*$/.test(step)) return `${path}[${JSON.stringify(step)}]`;
    return path === '' ? step : `${path}.${step}`;
  }, '');
}

/**
 * The path as {@link FIELDS} has it, `spec.clients[].selector.matchLabels.*`; `undefined` where the
 * schema has no such field.
 */
export function schemaPath(steps: Steps): string | undefined {
  return steps.reduce<string | undefined>((path, step) => {
    if (path === undefined) return undefined;
    const named = path === '' ? String(step) : `${path}.${step}`;
    return [typeof step === 'number' ? `${path}[]` : named, `${path}.*`].find((candidate) => candidate in FIELDS);
  }, '');
}

/** Whether one of two paths leads to the other, or both are the same. */
export function meets(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short === '' || (long.startsWith(short) && ['', '.', '['].includes(long.charAt(short.length)));
}
