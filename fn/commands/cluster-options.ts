/** Which cluster a verb asks. */
export interface ClusterOptions {
  /** A kubeconfig; where none is given, those that kubectl would take. */
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Only what the user has given. */
export function questionOf({ kubeconfig, context }: ClusterOptions): ClusterOptions {
  return { ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) };
}
