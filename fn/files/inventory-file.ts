/** The first line of the file that lists the other files, by which the next run recognizes it. */
export const HEADER =
  '# Written by gateway-network-fn render; it lists the files that the next run replaces or removes.\n';
/** Its name. */
export const INVENTORY = 'kustomization.yaml';
