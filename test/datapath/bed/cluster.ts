import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { nodeImage } from '../../engines/tool.ts';
import { CLUSTER_DOMAIN, type Dns, startDns, type Wildcard } from './dns.ts';
import type { Image } from './image.ts';
import { removeNamespaces } from '../../agent/namespace.ts';
import { removeContainers } from '../image/container.ts';
import { createNode, createSandbox, routeToPods, type Node, type Sandbox } from './node.ts';
import { renewNamespace } from './namespace.ts';
import { installPrimaryNetwork, installServices, type Masquerade } from './primary-network.ts';
import { createUnderlay, plug, type Underlay } from './underlay.ts';

/**
 * Nodes with a primary network, Services and a name server: everything that a gateway network finds
 * when it is installed.
 */
export interface Cluster extends Disposable {
  readonly underlay: Underlay;
  readonly nodes: readonly Node[];
  readonly directory: string;
  /** The unpacked node image. */
  readonly rootfs: string;
  /** What containers run in whose image is none of ours, by its name. */
  readonly images: Readonly<Record<string, Image>>;
  readonly dns: Dns;
  /** The domains that the nodes' own names are looked up in, which the kubelet hands on to pods. */
  readonly searches: readonly string[];
  /** A pod of another application, behind the Service of {@link WEB}. */
  readonly web: Sandbox;
  /** Starts a node again: nothing is left of its pods and its network but its name and its addresses. */
  readonly reboot: (node: Node) => void;
}

export interface ClusterOptions {
  readonly nodes?: number;
  readonly layout?: Underlay['layout'];
  /** The MTU between nodes, in bytes. */
  readonly underlayMtu?: number;
  readonly masquerade?: Masquerade;
  /** Name servers outside that the cluster's own asks. */
  readonly upstreams?: readonly string[];
  /** A domain of the nodes in which every name has an address. */
  readonly wildcard?: Wildcard;
  /** A folder with the CNI plugins. */
  readonly plugins?: string;
  readonly images?: Cluster['images'];
}

/** The Services of the cluster, IPv4 and IPv6. */
export const DNS = { addresses: ['10.96.0.10', 'fd00:10:96::a'], port: 53 } as const;
export const WEB = {
  addresses: ['10.96.0.80', 'fd00:10:96::80'],
  port: 8080,
  name: `web.apps.svc.${CLUSTER_DOMAIN}`,
} as const;

const DEBIAN_PLUGINS = '/usr/lib/cni';
const WHEREABOUTS = fileURLToPath(new URL('whereabouts.ts', import.meta.url));

/** How many clusters there are that have not been disposed of. */
let alive = 0;

/**
 * With the last cluster that is disposed of goes all that was made for it and the others, so that
 * nothing of one test runs beside the next.
 */
export function createCluster(options: ClusterOptions = {}): Cluster {
  alive++;
  const wildcards = options.wildcard ? [options.wildcard] : [];
  const { nodes: count = 2, layout = 'SameSubnet', underlayMtu = 1500, masquerade = 'iptables-nft' } = options;
  const directory = mkdtempSync(`${tmpdir()}/gwd-`);
  const underlay = createUnderlay(layout, underlayMtu);
  const nodes = Array.from({ length: count }, (_, index) =>
    createNode({
      underlay,
      number: index + 1,
      directory,
      pluginPath: [ownPlugins(directory), options.plugins ?? DEBIAN_PLUGINS],
      environment: { WHEREABOUTS_POOLS: `${directory}/pools` },
    }),
  );
  const boot = (node: Node): void => {
    plug(underlay, node.namespace, node.number);
    installPrimaryNetwork(node.namespace, masquerade);
    routeToPods(underlay, node, nodes);
  };
  for (const node of nodes) boot(node);
  const last = nodes.at(-1) as Node;
  const [coredns, web] = ['coredns', 'web'].map((name) =>
    createSandbox(last, { name, kubernetesNamespace: 'kube-system' }),
  ) as [Sandbox, Sandbox];
  const services = [
    { ...DNS, pods: coredns.addresses },
    { ...WEB, pods: web.addresses },
  ];
  for (const { namespace } of nodes) installServices(namespace, services);
  const dns = startDns(coredns.namespace, directory, options.upstreams, wildcards);
  return {
    underlay,
    nodes,
    directory,
    rootfs: `${nodeImage().path}/rootfs`,
    images: options.images ?? {},
    dns,
    searches: wildcards.map(({ domain }) => domain),
    web,
    reboot: (node) => {
      renewNamespace(node.namespace);
      boot(node);
      installServices(node.namespace, services);
    },
    [Symbol.dispose]: () => {
      dns[Symbol.dispose]();
      if (--alive === 0) {
        removeContainers();
        removeNamespaces();
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A folder with the plugin that stands for whereabouts. */
function ownPlugins(directory: string): string {
  const folder = `${directory}/plugins`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/whereabouts`, `#!/bin/sh\nexec ${process.execPath} ${WHEREABOUTS}\n`);
  chmodSync(`${folder}/whereabouts`, 0o755);
  return folder;
}
