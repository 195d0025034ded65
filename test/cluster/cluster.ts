import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { removeNamespaces } from '../agent/namespace.ts';
import { type Access, request } from '../api-server/request.ts';
import { createUnderlay, INTERNET, type Underlay } from '../datapath/bed/underlay.ts';
import { coreDnsManifests, multusManifests } from './add-ons.ts';
import { writeKubeconfig } from './certificates.ts';
import { ADDRESS, type ControlPlane, PORT, startControlPlane } from './control-plane.ts';
import { removeGroups, removeOrphanGroups } from './control-groups.ts';
import { forwardFrom } from './forward.ts';
import { copyStore, filledStore } from './image-store.ts';
import { untilReady } from './installation.ts';
import { createNode, type Node } from './node.ts';
import { nodeObject, type NodeSettings } from './node-files.ts';
import { isConfigured, type PrimaryNetwork, primaryManifests } from './primary-networks.ts';
import { end, until } from './process.ts';
import type { Programs } from './programs.ts';
import { stream } from './stream.ts';

/** A whole Kubernetes on nodes made of namespaces, with Multus, whereabouts and CoreDNS. */
export interface Cluster extends AsyncDisposable {
  readonly underlay: Underlay;
  readonly nodes: readonly Node[];
  readonly folder: string;
  /** The control group that those of the nodes are in. */
  readonly group: string;
  /** How this process reaches the API server, as a member of system:masters. */
  readonly access: Access;
  /** A file by which any client of Kubernetes on this machine reaches it. */
  readonly kubeconfig: string;
  /** Runs kubectl and gives what it prints; throws, with what it says, when it fails. */
  readonly kubectl: (args: readonly string[], input?: string) => Promise<string>;
}

export interface ClusterOptions {
  /** How many nodes; two unless given. */
  readonly nodes?: number;
  readonly multus?: 'thin' | 'thick' | 'none';
  readonly proxyMode?: 'iptables' | 'nftables';
  readonly underlayMtu?: number;
  readonly layout?: Underlay['layout'];
  readonly primary?: PrimaryNetwork;
}

const DEFAULTS: Required<ClusterOptions> = {
  nodes: 2,
  multus: 'thin',
  proxyMode: 'iptables',
  underlayMtu: 1500,
  layout: 'SameSubnet',
  primary: 'ptp',
};

/** Takes back what was begun. */
type Undo = () => unknown;

/**
 * Starts one, and comes back when its nodes and add-ons are ready. Throws what it waited for, and leaves nothing behind
 * then.
 */
export async function startCluster(programs: Programs, options: ClusterOptions = {}): Promise<Cluster> {
  removeOrphanGroups();
  const begun: Undo[] = [];
  const dispose = async (): Promise<void> => {
    for (const undo of begun.splice(0).toReversed()) await undo();
  };
  try {
    const cluster = await begin(programs, { ...DEFAULTS, ...options }, begun);
    return { ...cluster, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Starts all of it. What has to be taken back is in `begun` as soon as it is there, and is taken back from its end. */
async function begin(
  programs: Programs,
  options: Required<ClusterOptions>,
  begun: Undo[],
): Promise<Omit<Cluster, keyof AsyncDisposable>> {
  const folder = mkdtempSync(join(tmpdir(), 'gwn-cluster-'));
  begun.push(() => rmSync(folder, { recursive: true, force: true }));
  const group = `gwn-${process.pid}-${folder.slice(-6)}`;
  begun.push(() => removeGroups(group));
  begun.push(removeNamespaces);
  const underlay = createUnderlay(options.layout, options.underlayMtu);

  const names = Array.from({ length: options.nodes }, (_, index) => `node${index + 1}`);
  const plane = startControlPlane(programs, underlay.fabric, join(folder, 'control-plane'), ADDRESS, names);
  begun.push(() => Promise.all(plane.processes.map(end)));
  const forward = await forwardFrom(underlay.fabric, PORT, folder);
  begun.push(forward.stop);
  const access = { url: `https://127.0.0.1:${forward.port}`, ca: plane.ca, token: plane.token };
  const kubeconfig = writeKubeconfig(join(folder, 'kubeconfig'), access.url, base64(plane.ca), plane.token);
  const kubectl = kubectlWith(programs, kubeconfig);

  const nodes: Node[] = [];
  begun.push(() => Promise.all(nodes.map((node) => node.remove())));
  const settings = nodeSettings(programs, options, { folder, group, plane });
  for (const index of names.keys()) nodes.push(createNode(underlay, index + 1, nodes, settings));
  await startNodes(programs, nodes);

  await until('API server', 60, async () => isReady(access), plane.processes);
  await installPods(kubectl, nodes, programs, options);
  return { underlay, nodes, folder, group, access, kubeconfig, kubectl };
}

/** What the nodes have in common. */
function nodeSettings(
  programs: Programs,
  { proxyMode, primary, underlayMtu }: Required<ClusterOptions>,
  { folder, group, plane }: { readonly folder: string; readonly group: string; readonly plane: ControlPlane },
): NodeSettings {
  return {
    programs,
    folder,
    plugins: programs.plugins,
    group,
    authority: plane.certificates.authority,
    kubeconfig: plane.kubeconfig,
    proxyMode,
    primary,
    nameServers: [INTERNET.IPv4],
    mtu: underlayMtu,
  };
}

/** Starts the nodes, each with a containerd that has all images. */
async function startNodes(programs: Programs, nodes: readonly Node[]): Promise<void> {
  const store = await filledStore(programs);
  for (const node of nodes) {
    copyStore(store, join(node.folder, 'root/var/lib/containerd'));
    node.start();
  }
}

/** The manifests of what runs in every cluster. */
function addOns(programs: Programs, { multus }: Required<ClusterOptions>): string {
  return [coreDnsManifests(), ...(multus === 'none' ? [] : [multusManifests(programs.multus, multus)])].join('\n---\n');
}

/**
 * Says which pods each node has, installs the primary network and then the add-ons, and waits until all of it is ready.
 */
async function installPods(
  kubectl: Cluster['kubectl'],
  nodes: readonly Node[],
  programs: Programs,
  options: Required<ClusterOptions>,
): Promise<void> {
  const places = stream(nodes.map(({ number }) => nodeObject(number)));
  const network = primaryManifests(programs, options.primary, options.proxyMode);
  if (network !== undefined) {
    await applyAll(kubectl, `${places}\n---\n${network}`);
    await untilReady({ kubectl }, network);
    await until("the nodes' configuration of pods", 30, () =>
      nodes.every((node) => isConfigured(node, options.primary)),
    );
  }
  const manifests = addOns(programs, options);
  await applyAll(kubectl, `${places}\n---\n${manifests}`);
  await kubectl(['wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=60s']);
  await untilReady({ kubectl }, manifests);
}

/** Applies manifests, of objects too that are there already: a kubelet may have made its node. */
async function applyAll(kubectl: Cluster['kubectl'], manifests: string): Promise<void> {
  await kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], manifests);
}

function kubectlWith(programs: Programs, kubeconfig: string): Cluster['kubectl'] {
  return async (args, input) => {
    const options = { maxBuffer: 2 ** 26 };
    const running = promisify(execFile)(programs.kubectl, ['--kubeconfig', kubeconfig, ...args], options);
    running.child.stdin?.end(input);
    return (await running).stdout;
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

async function isReady(access: Access): Promise<boolean> {
  try {
    return (await request(access, 'GET', '/readyz')).status === 200;
  } catch {
    return false;
  }
}
