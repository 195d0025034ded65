import { execFileSync } from 'node:child_process';
import type { Namespace } from './namespace.ts';

/** A CNI configuration list, and the directory with the plugins that it names. */
export interface Network {
  readonly directory: string;
  readonly config: {
    readonly name: string;
    readonly cniVersion: string;
    readonly plugins: readonly { readonly type: string }[];
  };
  readonly node: Namespace;
}

/** What an ADD returns (CNI specification 1.0.0, section 5). */
export interface Result {
  readonly interfaces: readonly { readonly name: string; readonly mac: string; readonly sandbox?: string }[];
  readonly ips?: readonly object[];
}

/**
 * Attaches a pod as `net1`, as a container runtime does: one plugin after the other, each with the
 * result of the one before.
 */
export function add(network: Network, pod: Namespace): Result {
  let result: Result | undefined;
  for (const plugin of network.config.plugins) result = JSON.parse(call(network, pod, 'ADD', plugin, result));
  return result as Result;
}

/** Detaches a pod, in reverse order. */
export function del(network: Network, pod: Namespace, result: Result): void {
  for (const plugin of network.config.plugins.toReversed()) call(network, pod, 'DEL', plugin, result);
}

function call(
  { directory, config, node }: Network,
  pod: Namespace,
  verb: string,
  plugin: { type: string },
  prevResult?: Result,
) {
  const { name, cniVersion } = config;
  const env = {
    PATH: process.env['PATH'],
    CNI_COMMAND: verb,
    CNI_CONTAINERID: pod,
    CNI_NETNS: `/run/netns/${pod}`,
    CNI_IFNAME: 'net1',
    CNI_PATH: directory,
  };
  return execFileSync('ip', ['netns', 'exec', node, `${directory}/${plugin.type}`], {
    input: JSON.stringify({ ...plugin, name, cniVersion, prevResult }),
    env,
    encoding: 'utf8',
  });
}
