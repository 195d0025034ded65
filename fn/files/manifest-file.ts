/** The names of files that may hold manifests. kpt's own file, Kptfile, has none of them. */
export const MANIFEST = /\.(ya?ml|json)$/;
/** What makes a directory a kustomization (kustomize api/konfig). */
export const KUSTOMIZATIONS: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
/** Whether a file or directory below one that is read is read as well. Hidden ones are not. */
export function isRead(name: string): boolean {
  return !name.startsWith('.');
}

/** Whether a file may hold manifests that are read. */
export function isManifest(name: string): boolean {
  return isRead(name) && MANIFEST.test(name) && !isKustomization(name);
}

/** Whether a file says how kustomize is to build its directory. */
export function isKustomization(name: string): boolean {
  return KUSTOMIZATIONS.includes(name);
}

/**
 * Whether a text may hold an object. One that nowhere begins a line with `apiVersion` or `kind`, as values of a chart do not, holds
 * none, whatever else it is; in flow style and where all is indented the words tell.
 */
export function mayHoldObject(text: string): boolean {
  if (/^(?:\uFEFF|--- +|- +)*["']?(?:apiVersion|kind)["']?[ \t]*:/im.test(text)) return true;
  const isFlow = /^(?:\uFEFF|--- +)*[{[&!?]/m.test(text) || !/^(?:[\w"']|- )/m.test(text);
  return isFlow && /apiVersion|kind|\\/i.test(text);
}

/** Whether there is nothing but comments and white space in a text. */
export function isBlank(text: string): boolean {
  return !/^\uFEFF?(?!---|\.\.\.)[ \t]*[^\s#\uFEFF]/m.test(text);
}

/** Whether a file describes a Helm chart; its templates are beside it, and no YAML. */
export function isChart(path: string, text: string): boolean {
  return /(?:^|\/)Chart\.yaml$/.test(path) && !/^kind:/m.test(text);
}
