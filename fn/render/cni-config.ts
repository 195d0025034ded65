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

/** The longest line before an object or a list is spread over several, in characters. */
const LINE_LENGTH = 100;

/** The JSON text of a configuration list, a route a line, so that a change of one shows as one line in a review. */
export function formatCNIConfig({ name, plugins, ...options }: CNIConfig): string {
  return `${format({ cniVersion: '1.0.0', name, ...options, plugins }, '')}\n`;
}

function format(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const members = Array.isArray(value)
    ? value.map((entry) => ['', entry] as const)
    : Object.entries(value).map(([key, entry]) => [`${JSON.stringify(key)}: `, entry] as const);
  if (members.length === 0) return `${open}${close}`;
  if (members.every(([, entry]) => typeof entry !== 'object')) {
    const line = `${open} ${members.map(([key, entry]) => key + JSON.stringify(entry)).join(', ')} ${close}`;
    if (line.length <= LINE_LENGTH) return line;
  }
  const lines = members.map(([key, entry]) => `${indent}  ${key}${format(entry, `${indent}  `)}`);
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}
