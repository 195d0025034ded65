import type { SchemaNode } from './crd.ts';
import { allFields } from './field.ts';
import { memberName, unionsOf } from './union.ts';

/**
 * What keeps a schema from being structural (Kubernetes documentation, "Specifying a structural schema"), from being
 * documented, or from naming its unions by the rule; one line a fault, none if all is well.
 */
export function structuralFaults(schema: SchemaNode): readonly string[] {
  const fields = allFields(schema);
  return [...fields.flatMap(({ path, node }) => nodeFaults(path || 'the root', node)), ...unionFaults(schema)];
}

function nodeFaults(path: string, node: SchemaNode): readonly string[] {
  const faults: string[] = [];
  const isIntOrString = node['x-kubernetes-int-or-string'] === true;
  if (!node.description) faults.push(`${path} must have a description`);
  if (node.$ref !== undefined) faults.push(`${path} must not have a $ref`);
  if (isIntOrString === (node.type !== undefined)) {
    faults.push(`${path} must have either a type or x-kubernetes-int-or-string`);
  }
  if (node.type === 'array' && node.items === undefined) faults.push(`${path} must say what its items are`);
  if (node.properties !== undefined && node.additionalProperties !== undefined) {
    faults.push(`${path} must not have both properties and additionalProperties`);
  }
  const unknown = node.required?.filter((name) => node.properties?.[name] === undefined) ?? [];
  faults.push(...unknown.map((name) => `${path} requires ${name}, which must be one of its properties`));
  if (node.enum !== undefined && node.default !== undefined && !node.enum.includes(String(node.default))) {
    faults.push(`${path} must have a default from its enum`);
  }
  return faults;
}

function unionFaults(schema: SchemaNode): readonly string[] {
  const fields = new Map(allFields(schema).map(({ path, node }) => [path, node]));
  return unionsOf(schema).flatMap(({ path, choices }) => {
    const node = fields.get(path);
    const members = new Set(choices.map(({ type }) => memberName(type)));
    const strangers = Object.keys(node?.properties ?? {}).filter((name) => name !== 'type' && !members.has(name));
    return [
      ...(node?.required?.includes('type') ? [] : [`${path} is a union and must require type`]),
      ...strangers.map((name) => `${path}.${name} must bear the name of a value of ${path}.type`),
      ...choices
        .filter(({ type }) => !/^[A-Z][A-Za-z0-9]*$/.test(type))
        .map(({ type }) => `${path}.type must not offer ${type}: values are in CamelCase`),
    ];
  });
}
