import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { documentTextAt, type Place, placeAt } from './place.ts';
import { fieldsOf, type Schema, schemaAt, typeOf, valuesOf } from './schema.ts';

/** What the schema of a GatewayNetwork allows at the cursor. */
export function complete(context: CompletionContext): CompletionResult | null {
  const text = context.state.doc.toString();
  const place = placeAt(text, context.pos);
  if (place === undefined || !/^kind: *["']?GatewayNetwork\b/m.test(documentTextAt(text, context.pos))) return null;
  if (place.from === context.pos && !context.explicit) return null;
  const options = optionsAt(place);
  return options.length === 0 ? null : { from: place.from, options: [...options], validFor: /^[\w./-]*$/ };
}

/** The fields or values that a place can have. */
export function optionsAt({ path, at, siblings, column }: Place): readonly Completion[] {
  const schema = schemaAt(path);
  if (schema === undefined) return [];
  if (at === 'value') return valuesOf(schema).map((value) => valueOption(value, schema));
  const fields = fieldsOf(schema).filter(([name]) => !siblings.includes(name));
  const values = path.at(-1) === '[]' ? valuesOf(schema).map((value) => valueOption(value, schema)) : [];
  const required = new Set(schema.required);
  return [...values, ...fields.map(([name, field]) => fieldOption(name, field, column, required.has(name)))];
}

function fieldOption(name: string, schema: Schema, column: number, isRequired: boolean): Completion {
  const below = `\n${' '.repeat(column + 2)}`;
  const opening = schema.type === 'object' ? below : schema.items?.properties ? `${below}- ` : ' ';
  return {
    label: name,
    type: 'property',
    detail: isRequired ? `${typeOf(schema)}, required` : typeOf(schema),
    apply: `${name}:${opening}`,
    ...(isRequired && { boost: 1 }),
    ...infoOf(schema),
  };
}

function valueOption(value: unknown, schema: Schema): Completion {
  const isDefault = value === schema.default;
  return { label: String(value), type: 'enum', ...(isDefault && { detail: 'default' }), ...infoOf(schema) };
}

function infoOf({ description, default: preset }: Schema): Pick<Completion, 'info'> {
  const text = [description, preset === undefined ? undefined : `Default: ${JSON.stringify(preset)}`];
  const info = text.filter((part) => part !== undefined).join('\n\n');
  return info === '' ? {} : { info };
}
