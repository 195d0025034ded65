import { mkdirSync } from 'node:fs';
import { type Namespace, removeNamespace, run } from '../../agent/namespace.ts';
import { addNetwork, type ConfigList, deleteNetwork, type Result, type Runtime } from './cni.ts';
import { type Definition, findConfig, NETWORKS, readSelections } from './multus.ts';
import { createNamespace } from './namespace.ts';
import { podSubnets, primaryConfig } from './primary-network.ts';
import { locate, type Underlay } from './underlay.ts';

/** A node's place on the underlay. */
export interface PlacedNode {
  /** Counted from 1. */
  readonly number: number;
  readonly name: string;
  readonly namespace: Namespace;
  readonly addresses: { readonly IPv4: string; readonly IPv6: string };
}

/** A node: a network namespace on the underlay that runs CNI plugins for its pods. */
export interface Node extends PlacedNode {
  readonly runtime: Runtime;
  readonly primary: ConfigList;
}

/** What there is of a pod before its containers run: a network namespace with its interfaces. */
export interface Sandbox {
  readonly node: Node;
  readonly name: string;
  readonly namespace: Namespace;
  /** What CNI has answered for each interface. */
  readonly results: Readonly<Record<string, Result>>;
  /** The first address of each family on `eth0`. */
  readonly addresses: readonly [string, string];
  /** Detaches it from its networks and removes it. */
  readonly remove: () => void;
}

export interface NodeOptions {
  readonly underlay: Underlay;
  readonly number: number;
  /** A folder for the files of its plugins. */
  readonly directory: string;
  readonly pluginPath: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Makes a node, of which there is nothing yet but its namespace. */
export function createNode({ underlay, number, directory, pluginPath, environment }: NodeOptions): Node {
  const namespace = createNamespace();
  const state = `${directory}/node${number}`;
  mkdirSync(state);
  return {
    number,
    name: `node${number}`,
    namespace,
    addresses: locate(underlay, number).addresses,
    runtime: { namespace, path: pluginPath, state, environment },
    primary: primaryConfig(number, underlay.mtu),
  };
}

/**
 * Makes a node's pods reachable from the others: by the nodes' own routes, or by the fabric's where
 * it stands between them.
 */
export function routeToPods({ layout, fabric }: Underlay, node: PlacedNode, nodes: readonly PlacedNode[]): void {
  const routesTo = ({ number, addresses }: PlacedNode): string => `
    ip route replace ${podSubnets(number)[0]} via ${addresses.IPv4}
    ip -6 route replace ${podSubnets(number)[1]} via ${addresses.IPv6}`;
  if (layout === 'Routed') {
    run(fabric, routesTo(node));
  } else {
    const others = nodes.filter((other) => other !== node);
    run(node.namespace, others.map(routesTo).join(''));
  }
}

/** What a pod asks for. */
export interface SandboxRequest {
  readonly name: string;
  readonly kubernetesNamespace: string;
  /** Its name in Kubernetes, if that of another pod is to come again. By default no two have the same. */
  readonly podName?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly definitions?: readonly Definition[];
}

/** Makes a pod's network namespace and attaches it to the primary network and to those that its annotation names. */
export function createSandbox(node: Node, request: SandboxRequest): Sandbox {
  const { name, kubernetesNamespace, annotations = {}, definitions = [] } = request;
  const namespace = createNamespace();
  const { podName = `${name}-${namespace}` } = request;
  const selections = readSelections(annotations[NETWORKS] ?? '[]', kubernetesNamespace);
  const networks: [string, ConfigList][] = [
    ['eth0', node.primary],
    ...selections.map((selection): [string, ConfigList] => [selection.interface, findConfig(definitions, selection)]),
  ];
  const attached = networks.map(([ifname, config]) => {
    const of = { namespace: kubernetesNamespace, name: podName };
    const attachment = { containerId: namespace, pod: namespace, interface: ifname, of };
    const result = addNetwork(node.runtime, config, attachment);
    return { ifname, result, detach: () => deleteNetwork(node.runtime, config, attachment, result) };
  });
  const [IPv4 = '', IPv6 = ''] = attached[0]?.result.ips?.map(({ address }) => address.replace(/\/.*/, '')) ?? [];
  return {
    node,
    name,
    namespace,
    results: Object.fromEntries(attached.map(({ ifname, result }) => [ifname, result])),
    addresses: [IPv4, IPv6],
    remove: () => {
      for (const { detach } of attached.toReversed()) detach();
      removeNamespace(namespace);
    },
  };
}
