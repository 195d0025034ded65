/** What a value of the configuration must be, and the type that it then has. */
export interface Shape<T> {
  /** For messages, behind "must be". */
  readonly must: string;
  /**
   * Checks a value.
   *
   * @param path of the value, such as `config.json: overlay.vni`
   * @throws Misfit that says which value is not of its shape
   */
  readonly check: (value: unknown, path: string) => T;
}

/** The type of the values that a shape lets pass. */
export type Of<S> = S extends Shape<infer T> ? T : never;

/** A value out of shape: the message is for users. */
export class Misfit extends Error {}

function shape<T>(must: string, fits: (value: unknown) => value is T): Shape<T> {
  return {
    must,
    check: (value, path) => {
      if (fits(value)) return value;
      throw new Misfit(
        `${path.trimEnd()} ${value === undefined ? 'is missing' : `must be ${must}, but is ${show(value)}`}`,
      );
    },
  };
}

function show(value: unknown): string {
  const shown = JSON.stringify(value);
  return shown.length > 80 ? `${shown.slice(0, 80)}...` : shown;
}

export function text(must: string, pattern: RegExp): Shape<string> {
  return shape(must, (value): value is string => typeof value === 'string' && pattern.test(value));
}

/** A text that a function can read. */
export function readable(must: string, read: (text: string) => unknown): Shape<string> {
  return shape(must, (value): value is string => typeof value === 'string' && read(value) !== undefined);
}

export function integer(least: number, most: number): Shape<number> {
  const must = `a number from ${least} to ${most}`;
  return shape(
    must,
    (value): value is number => typeof value === 'number' && Number.isInteger(value) && least <= value && value <= most,
  );
}

export const flag: Shape<boolean> = shape('true or false', (value) => typeof value === 'boolean');

export function oneOf<const T extends string | number>(...values: readonly T[]): Shape<T> {
  return shape(values.map((value) => JSON.stringify(value)).join(' or '), (value): value is T =>
    values.some((each) => each === value),
  );
}

export function list<T>(element: Shape<T>): Shape<readonly T[]> {
  const must = `a list, each ${element.must}`;
  const fits = shape(must, (value): value is unknown[] => Array.isArray(value));
  return {
    must,
    check: (value, path) => fits.check(value, path).map((each, index) => element.check(each, `${path}[${index}]`)),
  };
}

/** A field that may be missing. */
export interface Optional<T> {
  readonly optional: Shape<T>;
}

export function optional<T>(value: Shape<T>): Optional<T> {
  return { optional: value };
}

type Fields = Readonly<Record<string, Shape<unknown> | Optional<unknown>>>;
type RequiredKey<F> = { [K in keyof F]: F[K] extends Shape<unknown> ? K : never }[keyof F];
type OptionalKey<F> = Exclude<keyof F, RequiredKey<F>>;
type ValueOf<F> = F extends Optional<infer T> ? T : Of<F>;
type ObjectOf<F> = { readonly [K in RequiredKey<F>]: ValueOf<F[K]> } & {
  readonly [K in OptionalKey<F>]?: ValueOf<F[K]>;
};

/** An object with these fields and no others. */
export function object<const F extends Fields>(fields: F): Shape<ObjectOf<F>> {
  const must = `an object with ${Object.keys(fields).join(', ')}`;
  const fits = shape(
    must,
    (value): value is Readonly<Record<string, unknown>> =>
      typeof value === 'object' && value !== null && !Array.isArray(value),
  );
  return {
    must,
    check: (value, path) => {
      const given = fits.check(value, path);
      const stranger = Object.keys(given).find((key) => !Object.hasOwn(fields, key));
      const inner = (key: string) => (path.endsWith(': ') ? `${path}${key}` : `${path}.${key}`);
      if (stranger !== undefined) throw new Misfit(`${inner(stranger)} is not a field that is known`);
      const entries = Object.entries(fields).flatMap(([key, field]) => {
        if (!('optional' in field)) return [[key, field.check(given[key], inner(key))] as const];
        return given[key] === undefined ? [] : [[key, field.optional.check(given[key], inner(key))] as const];
      });
      return Object.fromEntries(entries) as ObjectOf<F>;
    },
  };
}

type Variants = Readonly<Record<string, Fields>>;
type VariantOf<V extends Variants> = { [K in keyof V]: { readonly type: K } & ObjectOf<V[K]> }[keyof V];

/** An object whose field `type` says which others it has. */
export function variants<const V extends Variants>(all: V): Shape<VariantOf<V>> {
  const type = oneOf(...Object.keys(all));
  const shapes = new Map(Object.entries(all).map(([name, fields]) => [name, object({ type, ...fields })]));
  const must = `an object whose type is ${type.must}`;
  return {
    must,
    check: (value, path) => {
      const chosen = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
      const found = shapes.get(type.check(chosen, `${path}.type`));
      return found?.check(value, path) as VariantOf<V>;
    },
  };
}
