import { isFields } from '../yaml/fields.ts';
import { effectOfField } from './field-effects.ts';
import { isSame } from './manifest.ts';

/** A field of the spec that is not the same on both sides. */
export interface SpecChange {
  /** Its path, such as `spec.clients[0].dns`. */
  readonly field: string;
  /** Nothing where it is not there. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** What becomes of connections, as docs/changes.md has it; nothing where a change of the field does nothing. */
  readonly connections?: string;
}

/** The fields that differ, down to those that have no fields of their own. */
export function specChanges(before: unknown, after: unknown, field = 'spec'): readonly SpecChange[] {
  if (isSame(before, after)) return [];
  if (isFieldsOrNone(before) && isFieldsOrNone(after)) {
    const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
    return [...keys].flatMap((key) => specChanges(before?.[key], after?.[key], `${field}.${key}`));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length && before.every(isFields)) {
    return before.flatMap((entry, index) => specChanges(entry, after[index], `${field}[${index}]`));
  }
  const connections = effectOfField(field)?.connections;
  return [
    {
      field,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      ...(connections !== undefined && { connections }),
    },
  ];
}

function isFieldsOrNone(value: unknown): value is Readonly<Record<string, unknown>> | undefined {
  return value === undefined || isFields(value);
}
