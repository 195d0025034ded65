import { spawnSync } from 'node:child_process';
import type { Namespace } from '../../agent/namespace.ts';

/** A network configuration list (CNI specification 1.0.0, section 1). */
export interface ConfigList {
  readonly cniVersion: string;
  readonly name: string;
  readonly plugins: readonly Readonly<Record<string, unknown>>[];
}

/** What a plugin answers to ADD (section 5); only what the tests look at. */
export interface Result {
  readonly interfaces?: readonly { readonly name: string; readonly mac?: string; readonly sandbox?: string }[];
  readonly ips?: readonly { readonly address: string; readonly gateway?: string; readonly interface?: number }[];
  readonly routes?: readonly { readonly dst: string; readonly gw?: string }[];
}

/** The runtime of one node: where its plugins are and where they keep their files. */
export interface Runtime {
  readonly namespace: Namespace;
  /** Folders with plugins, in the order in which they are searched. */
  readonly path: readonly string[];
  /** What the plugins see as /var/lib. */
  readonly state: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The interface that a network adds to a pod. */
export interface Attachment {
  readonly containerId: string;
  readonly pod: Namespace;
  readonly interface: string;
}

/** Runs ADD of each plugin, each with the result of the one before. */
export function addNetwork(runtime: Runtime, config: ConfigList, attachment: Attachment): Result {
  let result: Result | undefined;
  for (const plugin of config.plugins) result = call(runtime, 'ADD', config, plugin, attachment, result);
  return result ?? {};
}

/** Runs DEL of each plugin, the last one first. */
export function deleteNetwork(runtime: Runtime, config: ConfigList, attachment: Attachment, result: Result): void {
  for (const plugin of config.plugins.toReversed()) call(runtime, 'DEL', config, plugin, attachment, result);
}

/** Runs a plugin by its type. `ip netns exec` has made a mount namespace of its own for it. */
const EXECUTE = 'mount --bind "$0" /var/lib && PATH="$CNI_PATH:$PATH" && exec "$1"';

function call(
  runtime: Runtime,
  command: 'ADD' | 'DEL',
  { cniVersion, name }: ConfigList,
  plugin: ConfigList['plugins'][number],
  attachment: Attachment,
  prevResult: Result | undefined,
): Result {
  const { status, stdout, stderr } = spawnSync(
    'ip',
    ['netns', 'exec', runtime.namespace, 'sh', '-c', EXECUTE, runtime.state, String(plugin['type'])],
    {
      encoding: 'utf8',
      input: JSON.stringify({ ...plugin, cniVersion, name, ...(prevResult && { prevResult }) }),
      env: {
        PATH: process.env['PATH'],
        ...runtime.environment,
        CNI_COMMAND: command,
        CNI_CONTAINERID: attachment.containerId,
        CNI_NETNS: `/run/netns/${attachment.pod}`,
        CNI_IFNAME: attachment.interface,
        CNI_PATH: runtime.path.join(':'),
      },
    },
  );
  if (status !== 0) throw new Error(`${String(plugin['type'])} ${command} of ${name}: ${stdout}${stderr}`);
  return stdout === '' ? {} : JSON.parse(stdout);
}
