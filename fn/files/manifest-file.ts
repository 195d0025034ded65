/** The names of files that may contain manifests. kpt's own file, Kptfile, is not one of them. */
export const MANIFEST = /\.(ya?ml|json)$/;
/** The files that make a directory a kustomization (kustomize api/konfig). */
export const KUSTOMIZATIONS: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
/** Whether a file or directory in a directory is read as well. Hidden ones are not. */
export function isRead(name: string): boolean {
  return !name.startsWith('.');
}

/** Whether a file is read because it may contain manifests. */
export function isManifest(name: string): boolean {
  return isRead(name) && MANIFEST.test(name) && !isKustomization(name);
}

/** Whether a file tells kustomize how to build its directory. */
export function isKustomization(name: string): boolean {
  return KUSTOMIZATIONS.includes(name);
}

/**
 * Whether a text may contain an object. Without a line that begins with `apiVersion` or `kind` it
 * contains none, such as the values of a chart. In flow style, or if all lines are indented, the
 * words may be anywhere.
 */
export function mayHoldObject(text: string): boolean {
  if (/^(?:\uFEFF|--- +|- +)*["']?(?:apiVersion|kind)["']?[ \t]*:/im.test(text)) return true;
  const isFlow = /^(?:\uFEFF|--- +)*[{[&!?]/m.test(text) || !/^(?:[\w"']|- )/m.test(text);
  return isFlow && /apiVersion|kind|\\/i.test(text);
}

/** Whether a text has only comments, white space and document markers. */
export function isBlank(text: string): boolean {
  return !/^\uFEFF?(?!---|\.\.\.)[ \t]*[^\s#\uFEFF]/m.test(text);
}

/** Whether a file describes a Helm chart. Its templates are in the same directory, and are not YAML. */
export function isChart(path: string, text: string): boolean {
  return /(?:^|\/)Chart\.yaml$/.test(path) && !/^kind:/m.test(text);
}
