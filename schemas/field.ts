import type { SchemaNode } from './crd.ts';

/** A place in the schema. */
export interface Field {
  /** Full path, such as `spec.clients[].selector`; empty for the root. */
  readonly path: string;
  readonly node: SchemaNode;
  /** Whether the object that holds the field demands it; false for items and values of maps. */
  readonly isRequired: boolean;
}

/** The fields directly below one: its properties, its items as `[]`, or the values of its map as `.*`. */
export function childrenOf(field: Field): readonly Field[] {
  const { path, node } = field;
  const at = (suffix: string, child: SchemaNode | undefined): readonly Field[] =>
    child === undefined ? [] : [{ path: path + suffix, node: child, isRequired: false }];
  return [
    ...Object.entries(node.properties ?? {}).map(([name, child]) => ({
      path: path === '' ? name : `${path}.${name}`,
      node: child,
      isRequired: node.required?.includes(name) ?? false,
    })),
    ...at('[]', node.items),
    ...at('.*', node.additionalProperties),
  ];
}

/** A schema's root, and every field below it, parents first. */
export function allFields(schema: SchemaNode): readonly Field[] {
  const below = (field: Field): readonly Field[] => [field, ...childrenOf(field).flatMap(below)];
  return below({ path: '', node: schema, isRequired: true });
}
