import { type Fields, fieldsOf, isFields } from '../yaml/fields.ts';
import { type Identity, identityOfValue } from '../krm/identity.ts';

/** An object in an item: the item's own, or one of those in a list of another kind than a `v1` List. */
export interface Inner {
  readonly identity: Identity;
  readonly value: Fields;
  /** Its path in the item, such as `items[0]`; empty for the item itself. */
  readonly place: string;
}

/** A pod that an object of any kind describes. */
export interface ForeignPod {
  /** The names of the fields that lead to it. */
  readonly path: readonly string[];
  /** The same as users write it; with an index it is no path that `templatePath` could have. */
  readonly place: string;
  readonly isInList: boolean;
  /**
   * Whether it is one by its fields. Where labels in a template are all that speaks for it, only an
   * entry that wants them means it.
   */
  readonly isSure: boolean;
  readonly labels: Fields;
  readonly annotations: Fields;
  /** The path of its annotations. */
  readonly annotationsAt: string;
}

/** The depth to which lists and pods are searched. */
const DEPTH = 16;

/** Every object in which {@link podsIn} finds a pod contains one of these words. */
export const POD_WORDS = [
  'container',
  'template',
  'pod',
  'image',
  'serviceAccount',
  'nodeSelector',
  'tolerations',
  'inheritedMetadata',
  'taskRef',
  'pipelineRef',
];

/** Kinds whose own labels and annotations are those of their pods. */
const RUNS = /^tekton\.dev\/[^/]*\/(?:TaskRun|PipelineRun)$/;
/** Whose own `spec.containers` are put into pods with other labels, those of `spec.podMetadata`. */
const SIDECARS = /^monitoring\.coreos\.com\//;
/** Whose templates are those of Secrets, of nodes, or of applications. */
const TEMPLATES_OF_OTHERS =
  /^(?:bitnami\.com\/|(?:[^/]*\.)?external-secrets\.io\/|(?:[^/]*\.)?cert-manager\.io\/|karpenter\.sh\/|(?:[^/]*\.)?cluster\.x-k8s\.io\/|argoproj\.io\/[^/]*\/ApplicationSet$)/;

/**
 * Fields that identify a pod beside labels. Some operators copy only these into their pods, for
 * example SparkApplications.
 */
const POD_FIELDS = ['image', 'serviceAccount', 'serviceAccountName', 'nodeSelector', 'tolerations'];
/** Fields of a step of an Argo Workflow, which becomes a pod. */
const STEP_FIELDS = ['container', 'containerSet', 'script'];

/** The object itself, or the objects of a list. Elements may omit what follows from the kind of the list. */
export function objectsIn(value: unknown, identity: Identity, place = '', depth = 0): readonly Inner[] {
  if (!isFields(value)) return [];
  const { items } = value;
  if (!identity.kind.endsWith('List') || !Array.isArray(items) || depth > DEPTH) return [{ identity, value, place }];
  const implied = { apiVersion: identity.apiVersion, kind: identity.kind.slice(0, -'List'.length) };
  return items.flatMap((item: unknown, index) => {
    const inner = isFields(item) ? identityOfValue({ ...implied, ...item }) : undefined;
    return inner === undefined ? [] : objectsIn(item, inner, `${place}${place && '.'}items[${index}]`, depth + 1);
  });
}

/** The pods that an object describes, at any depth. A pod that several aliases share is found once. */
export function podsIn({ value, identity }: Inner): readonly ForeignPod[] {
  const found: ForeignPod[] = [];
  const seen = new Set<unknown>();
  // A policy tells what pods must look like.
  if (identity.apiVersion.startsWith('kyverno.io/')) return found;
  const visit = (inner: unknown, path: readonly string[], place: string, isInList: boolean): void => {
    if (typeof inner !== 'object' || inner === null || path.length > DEPTH || seen.has(inner)) return;
    seen.add(inner);
    if (Array.isArray(inner)) {
      for (const [index, one] of inner.entries()) visit(one, path, `${place}[${index}]`, true);
      return;
    }
    if (!isFields(inner)) return;
    const take = ([name, own]: readonly [string, Fields], isSure: boolean): void => {
      const annotationsAt = [place, name, 'annotations'].filter((part) => part !== '').join('.');
      const [labels, annotations] = [fieldsOf(own['labels']), fieldsOf(own['annotations'])];
      found.push({ path, place, isInList, isSure, labels, annotations, annotationsAt });
    };
    const metadata = metadataOf(inner, path, identity);
    if (metadata !== undefined) return take(metadata, true);
    const before = found.length;
    for (const [key, below] of Object.entries(inner))
      visit(below, [...path, key], place === '' ? key : `${place}.${key}`, isInList);
    if (found.length === before && isTemplate(inner, path, identity))
      take(['metadata', fieldsOf(inner['metadata'])], false);
  };
  visit(value, [], '', false);
  return found;
}

/** The metadata of a pod and the name of its field; undefined for other values. */
function metadataOf(value: Fields, path: readonly string[], identity: Identity): readonly [string, Fields] | undefined {
  const { metadata, spec } = value;
  const key = path.at(-1);
  const isPod = isFields(spec) && Array.isArray(spec['containers']);
  if (isPod && !(key === undefined && SIDECARS.test(identity.apiVersion))) return ['metadata', fieldsOf(metadata)];
  if (key === undefined && RUNS.test(`${identity.apiVersion}/${identity.kind}`))
    return ['metadata', fieldsOf(metadata)];
  // Operators for Prometheus, Argo Workflows, PostgreSQL and others have the metadata of their pods alone.
  if (key === 'podMetadata' || key === 'inheritedMetadata') return ['', value];
  if (isFields(value['labels']) && POD_FIELDS.some((field) => field in value)) return ['', value];
  if (!isFields(metadata) || !isFields(metadata['labels'])) return undefined;
  if (key === 'podTemplate' || key === 'pod' || STEP_FIELDS.some((field) => isFields(value[field])))
    return ['metadata', metadata];
  // Secrets have templates, too; one without a `spec` is a pod's unless something else speaks against it.
  const isBare = Object.keys(value).every((name) => name === 'metadata' || (name === 'spec' && isEmpty(spec)));
  return path.join('.') === 'spec.template' && isBare && !isOfOthers(identity) ? ['metadata', metadata] : undefined;
}

/** Whether a value may be the template of pods, such as that of a virtual machine, whose `spec` has no containers. */
function isTemplate({ metadata }: Fields, path: readonly string[], identity: Identity): boolean {
  return path.at(-1) === 'template' && isFields(metadata) && isFields(metadata['labels']) && !isOfOthers(identity);
}

function isOfOthers({ apiVersion, kind }: Identity): boolean {
  return TEMPLATES_OF_OTHERS.test(`${apiVersion}/${kind}`);
}

function isEmpty(spec: unknown): boolean {
  return spec === null || (isFields(spec) && Object.keys(spec).length === 0);
}
