import json from '../../schemas/gateway-network.schema.json' with { type: 'json' };

/** What is read of a schema (JSON Schema, draft 7). */
export interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly $ref?: string;
}

const ROOT = json as unknown as Schema & { readonly definitions: Readonly<Record<string, Schema>> };

/** The schema of a GatewayNetwork at a path, whose `[]` stands for the entries of a list. */
export function schemaAt(path: readonly string[]): Schema | undefined {
  return path.reduce<Schema | undefined>(
    (at, step) => resolved(step === '[]' ? at?.items : own(at?.properties, step)),
    ROOT,
  );
}

/** The fields of a mapping, with their schemas. */
export function fieldsOf(schema: Schema): readonly (readonly [string, Schema])[] {
  return Object.entries(schema.properties ?? {}).map(([name, value]) => [name, resolved(value) ?? value]);
}

/** The values that a field can have, where they are few. */
export function valuesOf({ const: only, enum: some, type, default: preset }: Schema): readonly unknown[] {
  if (only !== undefined) return [only];
  if (some !== undefined) return some;
  if (type === 'boolean') return [true, false];
  return preset === undefined || typeof preset === 'object' ? [] : [preset];
}

export function typeOf({ type, enum: some, const: only }: Schema): string {
  if (only !== undefined || some !== undefined) return 'one of a list';
  return type === undefined ? '' : [type].flat().join(' or ');
}

function own(properties: Schema['properties'], name: string): Schema | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function resolved(at: Schema | undefined): Schema | undefined {
  const name = at?.$ref?.replace('#/definitions/', '');
  return name === undefined ? at : { ...ROOT.definitions[name], ...at };
}
