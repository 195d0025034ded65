import { createHash } from 'node:crypto';
import { macFrom } from '../net/mac.ts';
import type { ObjectNames } from './network-plan.ts';

/** The longest name of a network interface, in bytes (IFNAMSIZ less its NUL, linux/if.h). */
const INTERFACE_NAME_LENGTH = 15;
const HASH_LENGTH = 6;
/** Eight digits: unlike the small numbers that people choose for groups of interfaces. */
const PORT_GROUPS = { first: 10_000_000, count: 90_000_000 };

export function objectNames(name: string, namespace: string): ObjectNames {
  const inCluster = namespace === '' ? name : `${namespace}-${name}`;
  return {
    clientAttachment: name,
    clientCNI: cniName(namespace, name),
    inbound: `${name}-inbound`,
    nodeTable: `gwn_${cniName(namespace, name)}`,
    agent: `${name}-node-agent`,
    peers: `${name}-peers`,
    router: `${name}-router`,
    policy: inCluster,
    metrics: `${name}-metrics`,
    metricsFile: `${['gateway_network', namespace, name].filter(Boolean).join('_')}.prom`,
    links: { bridge: `${inCluster}-bridge`, underlay: `${inCluster}-underlay`, vxlan: `${inCluster}-vxlan` },
  };
}

/**
 * The NetworkAttachmentDefinition of a pod with fixed addresses, such as `vpn-3kq0ax`: whatever
 * the order of entries, and of the
 * addresses in theirs, the same addresses have the same name.
 */
export function fixedAttachmentName(name: string, addresses: readonly string[]): string {
  return `${name}-${shortHash(addresses.toSorted().join(' '))}`;
}

/**
 * The NetworkPolicy of the clients that a selector chooses, in whichever namespace: other networks may have some there.
 */
export function networkPolicyName(name: string, namespace: string, selector: object): string {
  return `${name}-clients-${shortHash(`${namespace}/${name} ${JSON.stringify(selector)}`)}`;
}

/**
 * The admission policies of an entry of `spec.clients`, such as `egress-vpn-3kq0ax`: whatever the order of entries, the
 * same choice has the same name. So a changed one is there before the former is removed.
 */
export function policyName(name: string, namespace: string, choice: unknown): string {
  return `${objectNames(name, namespace).policy}-${shortHash(JSON.stringify([namespace, name, choice]))}`;
}

/** Deployment and NetworkAttachmentDefinition of one router. */
export function routerName(name: string, index: number): string {
  return `${name}-router-${index}`;
}

/**
 * The name of an interface on the nodes, such as `br-vpn-3kq0ax`: as much of the network's name as
 * fits, and a hash of its
 * namespace and name, since interfaces of all namespaces meet on one node.
 */
export function interfaceName(prefix: 'br' | 'in' | 'vx', name: string, namespace: string): string {
  const hash = shortHash(`${namespace}/${name}`);
  const readable = name.slice(0, INTERFACE_NAME_LENGTH - prefix.length - HASH_LENGTH - 2).replace(/-+$/, '');
  return `${prefix}-${readable}-${hash}`;
}

/**
 * The group of the interfaces that are ports of the network's bridge, as `ip link set … group`
 * takes it. Packet filter rules
 * tell by it which bridge a frame is on; few kernels let them ask for the bridge itself (CONFIG_NFT_BRIDGE_META).
 */
export function portGroup(name: string, namespace: string): number {
  const hash = Number.parseInt(digest(`${namespace}/${name}`).slice(0, 12), 16);
  return PORT_GROUPS.first + (hash % PORT_GROUPS.count);
}

/** The fixed MAC address of a router's interface on the network. */
export function routerMac(name: string, namespace: string, index: number): string {
  return macFrom(digest(`${namespace}/${routerName(name, index)}`));
}

/**
 * The `name` of a CNI network configuration. The runtime and host-local keep state by it, so it is
 * unique in the cluster
 * (CNI specification 1.0.0, section 1: alphanumeric, then alphanumeric or `_.-`).
 */
export function cniName(namespace: string, attachment: string): string {
  return namespace === '' ? attachment : `${namespace}.${attachment}`;
}

/** How a pod in `fromNamespace` names a NetworkAttachmentDefinition (de-facto standard v1.3, section 4.1.2.1). */
export function attachmentReference(attachment: string, namespace: string, fromNamespace: string): string {
  return namespace === fromNamespace ? attachment : `${namespace}/${attachment}`;
}

/** The directory of a node where the agent of a network writes what is served: in memory, and gone with a restart. */
export function metricsDirectory(name: string, namespace: string): string {
  return `/run/gateway-network-metrics/${[namespace, name].filter(Boolean).join('_')}`;
}

/** At most 40 characters (Grafana, "Dashboard JSON model"). */
export function dashboardId(name: string, namespace: string): string {
  return `gateway-network-${shortHash(`${namespace}/${name}`)}`;
}

/** Letters and digits that fit a DNS label. */
function shortHash(text: string): string {
  return BigInt(`0x${digest(text)}`)
    .toString(36)
    .slice(-HASH_LENGTH);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
