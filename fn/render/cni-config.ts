import { formatJson } from './json.ts';

/**
 * A CNI configuration list (CNI specification 1.0.0, section 1); every plugin release since 1.0.0
 * accepts this version.
 */
export interface CNIConfig {
  readonly name: string;
  /**
   * For configurations that plugins cannot check: CHECK of the bridge plugin wants addresses of an
   * IPAM plugin (section 2).
   */
  readonly disableCheck?: true;
  readonly plugins: readonly object[];
}

/** The JSON text of a configuration list, a route a line, so that a change of one shows as one line in a review. */
export function formatCNIConfig({ name, plugins, ...options }: CNIConfig): string {
  return formatJson({ cniVersion: '1.0.0', name, ...options, plugins });
}
