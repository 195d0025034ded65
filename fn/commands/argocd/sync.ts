import type { KubernetesObject } from '../../krm/input.ts';
import type { Parameters } from './parameters.ts';

/** The kinds that run pods. The other rendered objects must exist before the pods start. */
const WORKLOADS: ReadonlySet<string> = new Set(['DaemonSet', 'Deployment', 'StatefulSet', 'Pod']);

/** A kind that Multus defines. */
export const ATTACHMENT = 'NetworkAttachmentDefinition';

/**
 * A rendered object with the annotations that Argo CD reads (Argo CD documentation, "Sync Phases
 * and Waves" and "Sync Options"). In one wave Argo CD applies kinds that it does not know, such as
 * NetworkAttachmentDefinition, after DaemonSets and Pods.
 */
export function withSyncOptions(object: KubernetesObject, { syncWaves, skipDryRun }: Parameters): KubernetesObject {
  const { kind = '', metadata = {} } = object;
  const annotations = {
    ...(syncWaves && !WORKLOADS.has(kind) && { 'argocd.argoproj.io/sync-wave': '-1' }),
    ...(skipDryRun && kind === ATTACHMENT && { 'argocd.argoproj.io/sync-options': 'SkipDryRunOnMissingResource=true' }),
  };
  if (Object.keys(annotations).length === 0) return object;
  return { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } } };
}
