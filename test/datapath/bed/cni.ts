import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
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
  /** The pod's name and namespace in Kubernetes; none where it is not Multus that attaches it. */
  readonly of?: { readonly namespace: string; readonly name: string };
}

/** Where Multus has libcni keep what the plugins have answered, as a pod with that folder of the node finds it. */
export const RESULTS = '/var/lib/cni/multus/results';

/** Runs ADD of each plugin, each with the result of the one before. */
export function addNetwork(runtime: Runtime, config: ConfigList, attachment: Attachment): Result {
  let result: Result | undefined;
  for (const plugin of config.plugins) result = call(runtime, 'ADD', config, plugin, attachment, result);
  if (attachment.of) cacheResult(runtime, config, attachment, result ?? {});
  return result ?? {};
}

function argumentsOf({ of, containerId }: Attachment): readonly (readonly [string, string])[] {
  if (!of) return [];
  return [
    ['IgnoreUnknown', 'true'],
    ['K8S_POD_NAMESPACE', of.namespace],
    ['K8S_POD_NAME', of.name],
    ['K8S_POD_INFRA_CONTAINER_ID', containerId],
  ];
}

function cachePath({ state }: Runtime, { name }: ConfigList, attachment: Attachment): string {
  return `${state}/host${RESULTS}/${name}-${attachment.containerId}-${attachment.interface}`;
}

/**
 * As libcni 1.3 does when the last plugin has answered: one line of JSON, the keys of the result in
 * alphabetical order.
 */
function cacheResult(runtime: Runtime, config: ConfigList, attachment: Attachment, result: Result): void {
  mkdirSync(`${runtime.state}/host${RESULTS}`, { recursive: true });
  const cached = {
    kind: 'cniCacheV1',
    containerId: attachment.containerId,
    config: Buffer.from(JSON.stringify(config)).toString('base64'),
    ifName: attachment.interface,
    networkName: config.name,
    netns: `/run/netns/${attachment.pod}`,
    cniArgs: argumentsOf(attachment),
    result: sorted(result),
  };
  writeFileSync(cachePath(runtime, config, attachment), JSON.stringify(cached), { mode: 0o600 });
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sorted(entry)]));
}

/** Runs DEL of each plugin, the last one first. */
export function deleteNetwork(runtime: Runtime, config: ConfigList, attachment: Attachment, result: Result): void {
  for (const plugin of config.plugins.toReversed()) call(runtime, 'DEL', config, plugin, attachment, result);
  rmSync(cachePath(runtime, config, attachment), { force: true });
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
        CNI_ARGS: argumentsOf(attachment)
          .map((pair) => pair.join('='))
          .join(';'),
      },
    },
  );
  if (status !== 0) throw new Error(`${String(plugin['type'])} ${command} of ${name}: ${stdout}${stderr}`);
  return stdout === '' ? {} : JSON.parse(stdout);
}
