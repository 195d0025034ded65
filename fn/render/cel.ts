/** A part of a value that CEL computes. */
export class Expression {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Fields of a pod whose keys are free. */
const MAPS = new Set(['requests', 'limits']);

/** A part of a pod as a CEL literal, for a JSONPatch. `type` is its path, such as `Object.spec.initContainers`. */
export function literal(type: string, value: unknown): string {
  if (value instanceof Expression) return value.text;
  if (Array.isArray(value)) return `[${value.map((element) => literal(type, element)).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isMap = MAPS.has(type.split('.').at(-1) ?? '');
  const fields = Object.entries(value).map(
    ([key, inner]) => `${isMap ? JSON.stringify(key) : key}: ${literal(`${type}.${key}`, inner)}`,
  );
  return `${isMap ? '' : type}{${fields.join(', ')}}`;
}
