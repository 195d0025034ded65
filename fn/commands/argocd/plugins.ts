import { isFields } from '../../yaml/fields.ts';
import { quote } from '../../api/quote.ts';
import type { Build } from './build.ts';
import { pluginWith, type Rewrite } from './fields.ts';
import { jsonOf, plainOf } from './plain.ts';
import { Refusal } from './refusal.ts';

const REMEDY =
  'this plugin expands GatewayNetworks itself, so remove it, and from GatewayNetworks the annotation config.kubernetes.io/local-config';

/**
 * Writes configurations of generators, transformers and validators again, with their names
 * rewritten. Plugins that are part of kustomize may stay.
 * @throws {@link Refusal} for functions
 */
export function pluginsWritten(text: string, rewrite: Rewrite, field: string, file: string, build: Build): string {
  const { values, problems } = plainOf(text, file, 'plugins');
  build.problems.push(...problems);
  return values
    .flatMap(objectsOf)
    .map((value) => {
      refuseFunction(value, field);
      return jsonOf(pluginWith(value, field, rewrite), build.left);
    })
    .join('---\n');
}

/**
 * The objects in a value. kustomize splits all kinds of lists, and lists in lists.
 * @throws {@link Refusal} for a value that is not an object
 */
function objectsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (value === null) return [];
  if (!isFields(value)) throw new Refusal(`the configuration of a plugin must be an object, and is ${quote(value)}`);
  const { kind, items } = value;
  const isList = typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
  return isList ? items.flatMap(objectsOf) : [value];
}

function refuseFunction(value: Readonly<Record<string, unknown>>, field: string): void {
  const { metadata } = value;
  const annotations = isFields(metadata) && isFields(metadata['annotations']) ? metadata['annotations'] : {};
  if (!Object.keys(annotations).some((key) => /^config\.(?:kubernetes|k8s)\.io\/function$/.test(key))) return;
  throw new Refusal(`${field === '' ? 'it' : `\`${field}\``} is a function, and functions do not run here: ${REMEDY}`);
}
