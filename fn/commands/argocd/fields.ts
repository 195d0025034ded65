import { isFields } from '../../yaml/fields.ts';
import { quote } from '../../api/quote.ts';
import { Refusal } from './refusal.ts';

/** What a text in a field names, as kustomize reads it. */
export type Kind =
  /** A file or a directory with objects. */
  | 'resource'
  /** A directory with a kustomization. */
  | 'directory'
  /** A file that is read as it is. */
  | 'file'
  /** A file with objects. */
  | 'manifest'
  /** `KEY=FILE`, or a file. */
  | 'keyed file'
  /** A file with objects, or the objects themselves. */
  | 'patch'
  /** A file or directory with configurations of plugins, or such a configuration itself. */
  | 'plugin';

/** Returns the text that replaces a text of a kind in a field. */
export type Rewrite = (kind: Kind, text: string, field: string) => string;

/**
 * Returns the value of a field with its names rewritten. A value of another shape stays, since
 * kustomize reads no file for it.
 */
type Handler = (value: unknown, field: string, rewrite: Rewrite) => unknown;

const data: Handler = (value) => value;

const name =
  (kind: Kind): Handler =>
  (value, field, rewrite) =>
    typeof value === 'string' && value !== '' ? rewrite(kind, value, field) : value;

const each =
  (inner: Handler): Handler =>
  (value, field, rewrite) =>
    Array.isArray(value) ? value.map((entry, index) => inner(entry, `${field}[${index}]`, rewrite)) : value;

/**
 * A mapping. Keys without a handler are data. Go's JSON readers ignore the case of keys, so each
 * key is written as in `handlers`.
 * @throws {@link Refusal} for a key twice, for a key that is not ASCII, and for other keys where
 * they are refused
 */
const members =
  (handlers: Readonly<Record<string, Handler>>, others: 'data' | 'refused' = 'data'): Handler =>
  (value, field, rewrite) => {
    if (!isFields(value)) return value;
    const canonical = new Map(Object.keys(handlers).map((key) => [key.toLowerCase(), key]));
    const written = new Map<string, unknown>();
    for (const [key, inner] of Object.entries(value)) {
      const path = field === '' ? key : `${field}.${key}`;
      const isAscii = /^[ -~]*$/.test(key);
      const known = isAscii ? canonical.get(key.toLowerCase()) : undefined;
      if (!isAscii || (known === undefined && others === 'refused'))
        throw new Refusal(`\`${path}\` is not a field of kustomize: the key is ${quote(key)}`);
      if (written.has(known ?? key)) throw new Refusal(`\`${path}\` is given twice, with different capitalization`);
      written.set(known ?? key, (handlers[known ?? ''] ?? data)(inner, path, rewrite));
    }
    return Object.fromEntries(written);
  };

const patches = each(members({ path: name('manifest') }));
const replacements = each(members({ path: name('file') }));
const sources = { files: each(name('keyed file')), envs: each(name('file')), env: name('file') };

/** The fields of a kustomization (kustomize api/types/kustomization.go, 5.0 to 5.8), and what they name. */
const KUSTOMIZATION = members(
  {
    apiVersion: data,
    kind: data,
    metadata: data,
    namePrefix: data,
    nameSuffix: data,
    namespace: data,
    commonLabels: data,
    labels: data,
    commonAnnotations: data,
    images: data,
    imageTags: data,
    replicas: data,
    vars: data,
    sortOptions: data,
    generatorOptions: data,
    buildMetadata: data,
    // Helm is not enabled: kustomize refuses these fields before it reads a file.
    helmGlobals: data,
    helmCharts: data,
    helmChartInflationGenerator: data,
    resources: each(name('resource')),
    bases: each(name('resource')),
    components: each(name('directory')),
    generators: each(name('plugin')),
    transformers: each(name('plugin')),
    validators: each(name('plugin')),
    crds: each(name('file')),
    configurations: each(name('file')),
    openapi: members({ path: name('file') }),
    patchesStrategicMerge: each(name('patch')),
    patches,
    patchesJson6902: patches,
    replacements,
    configMapGenerator: each(members(sources)),
    secretGenerator: each(members(sources)),
  },
  'refused',
);

/**
 * A directory of plugins may only collect configurations. Other fields could change a configuration
 * after it was checked.
 */
const COLLECTION = members(
  { apiVersion: data, kind: data, metadata: data, resources: each(name('plugin')), bases: each(name('plugin')) },
  'refused',
);

/** The plugins that are part of kustomize (api/internal/plugins/builtinhelpers), and what they name. */
const PLUGINS: ReadonlyMap<string, Handler> = new Map([
  ['AnnotationsTransformer', data],
  ['HashTransformer', data],
  ['HelmChartInflationGenerator', data],
  ['IAMPolicyGenerator', data],
  ['ImageTagTransformer', data],
  ['LabelTransformer', data],
  ['NamespaceTransformer', data],
  ['PrefixTransformer', data],
  ['SuffixTransformer', data],
  ['PrefixSuffixTransformer', data],
  ['ReplicaCountTransformer', data],
  ['ConfigMapGenerator', members(sources)],
  ['SecretGenerator', members(sources)],
  ['PatchTransformer', members({ path: name('manifest') })],
  ['PatchJson6902Transformer', members({ path: name('manifest') })],
  ['PatchStrategicMergeTransformer', members({ paths: each(name('patch')) })],
  ['ReplacementTransformer', members({ replacements })],
  ['ValueAddTransformer', members({ targetFilePath: name('file') })],
]);

/**
 * A kustomization with its names rewritten. One with `isCollection` only collects plugins.
 * @throws {@link Refusal} for a field that is not allowed
 */
export function kustomizationWith(value: unknown, isCollection: boolean, rewrite: Rewrite): unknown {
  return (isCollection ? COLLECTION : KUSTOMIZATION)(value, '', rewrite);
}

/**
 * The configuration of a plugin with its names rewritten. Plugins that are not part of kustomize
 * have no effect.
 * @throws {@link Refusal} for an unknown plugin that claims to be part of kustomize
 */
export function pluginWith(value: Readonly<Record<string, unknown>>, field: string, rewrite: Rewrite): unknown {
  const { apiVersion, kind } = value;
  const handler = PLUGINS.get(String(kind));
  if (handler === undefined && /^\/?builtin$/.test(String(apiVersion)))
    throw new Refusal(`the plugin ${quote(kind)} is not a plugin of kustomize`);
  return (handler ?? data)(value, field, rewrite);
}
