import * as tools from '../engines/tool.ts';

/** What READMEs of examples call, by its name on the PATH. */
const PROGRAMS = {
  kubectl: tools.kubectls().at(-1) ?? { title: 'kubectl' },
  kustomize: tools.kustomizes().at(-1) ?? { title: 'kustomize' },
  kpt: tools.kpts().at(-1) ?? { title: 'kpt' },
};

/** What examples need beside a cluster: those programs, and the servers outside. */
export const EXAMPLE_TOOLS: readonly tools.Tool[] = [
  ...Object.values(PROGRAMS),
  ...['dnsmasq', 'ldd', 'openvpn', 'wg', 'wireguard-go'].map(tools.command),
];

/** The paths of the programs. */
export function examplePrograms(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(PROGRAMS).map(([name, { path = '' }]) => [name, path]));
}
