import { compile } from 'json-schema-to-typescript';
import { pascalCase } from './crd.ts';
import type { JsonSchema } from './json-schema.ts';
import { memberName } from './union.ts';

/** The TypeScript types of a strict JSON Schema: one named interface an object, everything readonly. */
export async function typesOf(schema: JsonSchema): Promise<string> {
  const kind = String(schema['title']);
  const taken = new Set(Object.keys(schema['definitions'] as object));
  const titled = withTitles(schema, kind, taken);
  const text = await compile(titled, kind, {
    bannerComment: `// ${String(schema['$comment'])}`,
    additionalProperties: true,
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, printWidth: 120 },
  });
  return text
    .replace(/^( +)((?:\w+\??|\[k: string\]): )/gm, '$1readonly $2')
    .replace(/: (\w+)\[\];$/gm, ': readonly $1[];');
}

/**
 * A copy whose objects are titled, since titles become names. A property lends its name, and an
 * item the singular of its
 * list's. The parent's name goes in front below the root and in unions, and where the short name is taken.
 */
function withTitles(node: JsonSchema, title: string, taken: Set<string>): JsonSchema {
  const properties = Object.entries((node['properties'] ?? {}) as Record<string, JsonSchema>);
  const type = properties.find(([name]) => name === 'type')?.[1];
  const members = ((type?.['enum'] ?? []) as readonly string[]).map(memberName);
  const named = properties.map(([name, child]): [string, JsonSchema] => {
    const isList = child['items'] !== undefined;
    const inner = isList ? (child['items'] as JsonSchema) : child;
    if (inner['properties'] === undefined) return [name, child];
    const short = pascalCase(isList ? name.replace(/s$/, '') : name);
    const prefixed = '$schema' in node || members.includes(name) || taken.has(short) ? title + short : short;
    taken.add(prefixed);
    const copy = withTitles(inner, prefixed, taken);
    return [name, isList ? { ...child, items: copy } : copy];
  });
  const definitions = Object.entries((node['definitions'] ?? {}) as Record<string, JsonSchema>).map(
    ([name, child]): [string, JsonSchema] => [name, withTitles(child, name, taken)],
  );
  return {
    ...node,
    ...(properties.length > 0 && { title, properties: Object.fromEntries(named) }),
    ...(definitions.length > 0 && { definitions: Object.fromEntries(definitions) }),
  };
}
