import { setField } from '../yaml/field.ts';

/**
 * Sets one annotation in the text of an object, or deletes it if the value is undefined, as
 * {@link setField} does. `path` leads to the mapping that holds `annotations`, such as
 * `['spec', 'template', 'metadata']`. This mapping and `annotations` are created with the first
 * annotation, and removed with the last.
 * @throws {@link NotEditable} as {@link setField} does
 */
export function setAnnotation(text: string, path: readonly string[], key: string, value: string | undefined): string {
  const where = [...path, `annotations["${key}"]`].join('.');
  return setField(text, { path: [...path, 'annotations', key], where, kept: 0 }, value);
}
