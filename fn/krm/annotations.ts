/** Annotations that other programs define. Sources: KRM Functions Specification v1, kpt and kustomize. */

/**
 * The file in which the orchestrator keeps an item, relative to the package. The first is current,
 * the second legacy.
 */
export const PATH_ANNOTATIONS = ['internal.config.kubernetes.io/path', 'config.kubernetes.io/path'] as const;
/** The position of an item within its file, as a decimal string. */
export const INDEX_ANNOTATIONS = ['internal.config.kubernetes.io/index', 'config.kubernetes.io/index'] as const;
/** Any value but "false" keeps an object out of the cluster. */
export const LOCAL_CONFIG_ANNOTATION = 'config.kubernetes.io/local-config';

/** Whether annotations keep an object out of the cluster (kpt, kustomize). */
export function isLocalConfig(annotations: Readonly<Record<string, unknown>>): boolean {
  const value = annotations[LOCAL_CONFIG_ANNOTATION];
  return value !== undefined && value !== 'false' && value !== false;
}

/** Whether an annotation belongs to the orchestrator, and not to the object. */
export function isTransportAnnotation(key: string): boolean {
  return (
    key.startsWith('internal.config.kubernetes.io/') ||
    key.startsWith('kustomize.config.k8s.io/') ||
    key === 'config.k8s.io/id' ||
    key === 'config.kubernetes.io/path' ||
    key === 'config.kubernetes.io/index'
  );
}
