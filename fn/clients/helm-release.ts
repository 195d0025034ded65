import { type Fields, fieldsOf, isFields } from '../yaml/fields.ts';
import { HELM_RELEASE } from '../api/workload-kinds.ts';
import { CLIENT_ANNOTATION } from '../marks.ts';
import { type Identity, type Item, valueOf } from '../krm/item.ts';
import { isOfKind } from '../plan/clients.ts';
import { isSame } from '../yaml/edit/same.ts';
import { addElement, removeElementAt } from '../yaml/element.ts';
import type { Place } from '../yaml/field.ts';
import { postRendererOf } from './post-renderer.ts';
import type { Selection } from './selection.ts';
import type { Workload } from './workload.ts';

const POST_RENDERERS: Place = { path: ['spec', 'postRenderers'], where: 'spec.postRenderers', kept: 1 };

/** Our mark in the text of a patch. */
const MARK = new RegExp(`^ *${CLIENT_ANNOTATION.replaceAll('.', '\\.')}: (\\S+)$`, 'm');

/** The depth to which values are searched. */
const DEPTH = 16;

export function isHelmRelease(identity: Identity): boolean {
  return isOfKind(identity, HELM_RELEASE);
}

/**
 * A HelmRelease as a workload: in the namespace of its pods, with its own labels. Nothing is known of its pods.
 * @throws {@link ItemUnreadable} for broken YAML
 */
export function readRelease(item: Item, identity: Identity): Workload {
  const { metadata, spec } = fieldsOf(valueOf(item));
  return {
    item,
    identity: { ...identity, namespace: releaseNamespace(item, identity) },
    path: [],
    labels: fieldsOf(fieldsOf(metadata)['labels']),
    labelsAbove: [],
    metadata: {},
    annotations: {},
    spec: {},
    objectSpec: fieldsOf(spec),
  };
}

/** The namespace that the chart is installed in. */
export function releaseNamespace(item: Item, { namespace }: Identity): string {
  const { targetNamespace } = fieldsOf(fieldsOf(valueOf(item))['spec']);
  return typeof targetNamespace === 'string' && targetNamespace !== '' ? targetNamespace : namespace;
}

/** The network that has written a post-renderer into a HelmRelease; undefined if none has. */
export function releaseMark(release: Workload): string | undefined {
  return postRenderers(release)
    .map(markOf)
    .find((mark) => mark !== undefined);
}

/**
 * The text in which a HelmRelease has the post-renderer of the selection, as the last one, so that nothing comes before
 * the guard; or none of ours. The text itself if it is so already.
 */
export function rewriteRelease(text: string, release: Workload, selection: Selection | undefined): string {
  const elements = postRenderers(release);
  const ours = elements.flatMap((element, index) => (markOf(element) === undefined ? [] : [index]));
  const wanted = selection && postRendererOf(selection, release);
  const isThere = ours.length === 1 && wanted !== undefined && isSame(elements.at(-1), wanted);
  if (isThere || (ours.length === 0 && wanted === undefined)) return text;
  const bare = ours.reduceRight((before, index) => removeElementAt(before, POST_RENDERERS, index), text);
  return wanted === undefined ? bare : addElement(bare, POST_RENDERERS, wanted, 'Last');
}

function postRenderers({ objectSpec }: Workload): readonly unknown[] {
  const list = objectSpec['postRenderers'];
  return Array.isArray(list) ? list : [];
}

function markOf(element: unknown): string | undefined {
  const { patches } = fieldsOf(fieldsOf(element)['kustomize']);
  for (const { patch } of Array.isArray(patches) ? patches.filter(isFields) : []) {
    const [, mark] = typeof patch === 'string' ? (MARK.exec(patch) ?? []) : [];
    if (mark !== undefined) return mark;
  }
  return undefined;
}

/** All maps in the chart's values; where one of them holds labels, they may be those of its pods. */
export function mapsInValues({ objectSpec }: Workload): readonly Fields[] {
  const seen = new Set<unknown>();
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > DEPTH || seen.has(value)) return;
    seen.add(value);
    for (const inner of Object.values(value)) visit(inner, depth + 1);
  };
  visit(objectSpec['values'], 0);
  return [...seen].filter(isFields);
}
