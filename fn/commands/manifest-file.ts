/** The names of files that may hold manifests. */
export const MANIFEST = /\.(ya?ml|json)$/;
/** What makes a directory a kustomization (kustomize api/konfig). */
export const KUSTOMIZATIONS: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
/** Configuration of the engines themselves, which is not applied to a cluster. */
export const ENGINE_FILES: ReadonlySet<string> = new Set([...KUSTOMIZATIONS, 'Kptfile']);

/** Whether a file or directory below one that is read is read as well. Hidden ones are not. */
export function isRead(name: string): boolean {
  return !name.startsWith('.');
}

/** Whether a file may hold manifests that are read. */
export function isManifest(name: string): boolean {
  return isRead(name) && MANIFEST.test(name) && !ENGINE_FILES.has(name);
}

/** Whether a file says how kustomize is to build its directory. */
export function isKustomization(name: string): boolean {
  return KUSTOMIZATIONS.includes(name);
}
