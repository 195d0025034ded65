import type { FieldEffect } from './field-effect.ts';
import { GATEWAY_FIELDS } from './gateway-fields.ts';
import { NETWORK_FIELDS } from './network-fields.ts';

/**
 * What a change of each field does. Objects without fields of their own are left out; so is what can never change
 * alone. `npm run generate` makes the table of docs/changes.md of it, and test/render/changes.test.ts holds it to what
 * is rendered.
 */
export const FIELD_EFFECTS: readonly FieldEffect[] = [...NETWORK_FIELDS, ...GATEWAY_FIELDS];

/** The row of a field, or of the nearest field around it that has one. */
export function effectOfField(path: string): FieldEffect | undefined {
  const generic = path.replaceAll(/\[\d+\]/g, '[]');
  const around = FIELD_EFFECTS.filter(
    ({ field }) => generic === field || generic.startsWith(`${field}.`) || generic.startsWith(`${field}[`),
  );
  return around.toSorted((one, other) => other.field.length - one.field.length)[0];
}
