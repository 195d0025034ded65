import { setField } from '../yaml/field.ts';

/**
 * Sets one annotation in the text of an object, or deletes it, as {@link setField} does. `path` leads to the map that holds
 * `annotations`, such as `['spec', 'template', 'metadata']`; it and the map are made, and taken away, with the first annotation and
 * the last.
 * @throws {@link NotEditable} as setField does
 */
export function setAnnotation(text: string, path: readonly string[], key: string, value: string | undefined): string {
  const where = [...path, `annotations["${key}"]`].join('.');
  return setField(text, { path: [...path, 'annotations', key], where, kept: 0 }, value);
}
