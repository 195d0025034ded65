import type { Fields } from '../yaml/fields.ts';
import { CLIENT_ANNOTATION, NETWORKS_ANNOTATION, OPTIONS_ANNOTATION } from '../marks.ts';
import { emitElement, emitEntries, type Layout } from '../yaml/edit/emit.ts';
import { formatShort, referenceTo } from './networks-annotation.ts';
import { type PodSetting, settingsOf } from './options.ts';
import { formatMark } from './pod-spec.ts';
import type { Selection } from './selection.ts';
import type { Workload } from './workload.ts';

/** The objects of a chart that kustomize patches alike: those whose pods are at one path. */
interface Target {
  /** `group`, `version` and `kind` are regular expressions, which must match as a whole. */
  readonly target: Readonly<Record<string, string>>;
  readonly path: readonly string[];
}

/**
 * The workloads of Kubernetes. kustomize knows by their schemas that it must merge their lists of containers by name;
 * it would replace those of any other kind, such as the Rollout of Argo.
 */
const TARGETS: readonly Target[] = [
  {
    target: {
      group: 'apps|batch|', // empty: ReplicationController. Other groups have kinds of these names, such as Job
      version: 'v1',
      kind: 'DaemonSet|Deployment|Job|ReplicaSet|ReplicationController|StatefulSet',
    },
    path: ['spec', 'template'],
  },
  { target: { group: 'batch', version: 'v1', kind: 'CronJob' }, path: ['spec', 'jobTemplate', 'spec', 'template'] },
  { target: { version: 'v1', kind: 'Pod' }, path: [] },
];

const LAYOUT: Layout = { eol: '\n', unit: 2, wideLists: false, lineLength: 100 };

/** The element of `spec.postRenderers` that makes the pods of a chart clients. */
export function postRendererOf(selection: Selection, release: Workload): Fields {
  const settings = selection.options.flatMap((option) => settingsOf(option, selection.plan, release));
  const patches = TARGETS.flatMap(({ target, path }) => [
    { target, patch: mergePatch(selection, settings, path) },
    { target, patch: jsonPatch(selection, release, settings, path) },
  ]);
  return { kustomize: { patches } };
}

/** Adds the mark, and the elements of lists: kustomize puts them before those of the chart, or makes the list. */
function mergePatch(selection: Selection, settings: readonly PodSetting[], path: readonly string[]): string {
  const options = formatMark(selection);
  const annotations = { [CLIENT_ANNOTATION]: selection.plan.label, [OPTIONS_ANNOTATION]: options };
  const lists = new Map<string, unknown[]>();
  for (const setting of settings) {
    if (setting.type === 'Element') lists.set(setting.field, [...(lists.get(setting.field) ?? []), setting.value]);
  }
  const pod = { metadata: { annotations }, ...(lists.size > 0 && { spec: Object.fromEntries(lists) }) };
  // The target is what counts. But a patch must have a kind and a name.
  const head = { apiVersion: 'v1', kind: 'Any', metadata: { name: 'any' } };
  return emitEntries(path.length === 0 ? withName(head, pod) : { ...head, ...around(pod, path) }, 0, LAYOUT);
}

function withName(head: { readonly metadata: object }, pod: { readonly metadata: object }): Fields {
  return { ...head, ...pod, metadata: { ...head.metadata, ...pod.metadata } };
}

function around(pod: Fields, path: readonly string[]): Fields {
  return path.reduceRight((inner, key) => ({ [key]: inner }), pod);
}

/**
 * Requests the network, and sets fields. Where the chart has networks of its own the test fails, and the release with
 * it: a patch can replace them, but cannot add to them. The first patch has made the annotations.
 */
function jsonPatch(
  { plan, addressing }: Selection,
  release: Workload,
  settings: readonly PodSetting[],
  path: readonly string[],
): string {
  const networks = formatShort(referenceTo(plan, addressing, release.identity.namespace), undefined);
  const annotation = pointer([...path, 'metadata', 'annotations', NETWORKS_ANNOTATION]);
  const fields = settings.flatMap((setting) =>
    setting.type === 'Field'
      ? [{ op: 'add', path: pointer([...path, 'spec', setting.field]), value: setting.value }]
      : [],
  );
  const operations = [
    { op: 'test', path: annotation, value: null },
    { op: 'add', path: annotation, value: networks },
    ...fields,
  ];
  return operations.map((operation) => emitElement(operation, 0, LAYOUT)).join('');
}

/** A JSON pointer (RFC 6901). */
function pointer(path: readonly string[]): string {
  return path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
