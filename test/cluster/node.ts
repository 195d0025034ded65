import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Namespace } from '../agent/namespace.ts';
import { createNamespace, renewNamespace } from '../datapath/bed/namespace.ts';
import { forwardPackets, installPrimaryNetwork } from '../datapath/bed/primary-network.ts';
import { routeToPods } from '../datapath/bed/node.ts';
import { locate, plug, type Underlay } from '../datapath/bed/underlay.ts';
import { makeGroups, removeGroups } from './control-groups.ts';
import { nodeFiles, type NodeSettings } from './node-files.ts';
import { end, spawnIn, type Started } from './process.ts';

/** A node with containerd, kubelet and kube-proxy: namespaces of its own, and folders that outlive its restarts. */
export interface Node {
  /** Counted from 1. */
  readonly number: number;
  readonly name: string;
  readonly namespace: Namespace;
  readonly addresses: { readonly IPv4: string; readonly IPv6: string };
  readonly folder: string;
  /** Runs a command in all of its namespaces and gives what it prints; throws when it fails. */
  readonly run: (command: readonly string[]) => string;
  /** Like {@link Node.run}, while this process does something else. */
  readonly call: (command: readonly string[]) => Promise<string>;
  /** Runs containerd's own client on what Kubernetes has there, such as its images. */
  readonly ctr: (args: readonly string[]) => string;
  /** Ends one of its services as a crash would; init starts it again. */
  readonly kill: (service: Service) => void;
  /** Ends all that runs on it at once, as when its power fails. */
  readonly stop: () => Promise<void>;
  /** Starts it, with the folders that it had. */
  readonly start: () => void;
  readonly remove: () => Promise<void>;
}

export const NODE_SERVICES = ['containerd', 'kubelet', 'kube-proxy'] as const;
export type Service = (typeof NODE_SERVICES)[number];

const SCRIPT = join(import.meta.dirname, 'node.sh');

/** Makes a node that is not started. */
export function createNode(underlay: Underlay, number: number, nodes: readonly Node[], settings: NodeSettings): Node {
  const name = `node${number}`;
  const namespace = createNamespace();
  const { addresses } = locate(underlay, number);
  const folder = join(settings.folder, name);
  mkdirSync(folder);
  let machine: Started | undefined;
  for (const [file, text] of Object.entries(nodeFiles(number, addresses, settings))) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  // Multus' daemon looks for them from its container, where a link would lead nowhere.
  cpSync(settings.plugins, join(folder, 'root/opt/cni/bin'), { recursive: true });

  const first = (): number => {
    const pid = machine?.child.pid ?? 0;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
  };
  const enter = (command: readonly string[]) => ['--all', '--target', String(first()), ...command];
  const run = (command: readonly string[]): string =>
    execFileSync('nsenter', enter(command), { encoding: 'utf8', stdio: 'pipe' });
  const node: Node = {
    number,
    name,
    namespace,
    addresses,
    folder,
    run,
    call: async (command) => (await promisify(execFile)('nsenter', enter(command))).stdout,
    ctr: (args) => run([join(settings.programs.containerd, 'ctr'), '--namespace', 'k8s.io', ...args]),
    kill: (service) => void run(['pkill', '-KILL', '-x', service]),
    stop: async () => {
      if (machine !== undefined) await end(machine);
      renewNamespace(namespace);
      // A machine starts without any, and kubelet waits for the containers of those that it finds.
      await removeGroups(`${settings.group}/${name}`);
    },
    start: () => {
      plug(underlay, namespace, number);
      if (settings.primary === 'ptp') {
        installPrimaryNetwork(namespace, 'iptables-nft');
        routeToPods(underlay, node, nodes);
      } else {
        forwardPackets(namespace);
      }
      makeGroups(`${settings.group}/${name}`);
      const command = ['unshare', '-m', '-u', '-i', '-p', '--fork', '--kill-child', 'sh', SCRIPT, folder, name];
      machine = spawnIn(namespace, command, name, join(folder, 'console.log'));
    },
    remove: async () => {
      if (machine !== undefined) await end(machine);
      await removeGroups(`${settings.group}/${name}`);
    },
  };
  return node;
}
