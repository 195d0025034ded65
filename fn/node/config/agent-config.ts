import { parseAddress } from '../../net/address.ts';
import { flag, integer, list, Misfit, object, type Of, oneOf, optional, variants } from './shape.ts';
import {
  address,
  cidr,
  family,
  folder,
  interfaceName,
  macAddress,
  metricsFile,
  metricsPage,
  mtu,
  name,
  networkLabel,
  VERSION,
} from './values.ts';

/** How frames reach the other nodes: which addresses the kernel floods to. */
const flooding = variants({
  /** Those that a name resolves to. */
  Discovered: { service: name },
  /** Those of `peers`. */
  Listed: {},
  /** A group that all nodes join, with the TTL `ttl`. */
  Multicast: { group: address },
});

/**
 * The attachments of a network, by the `name` of their CNI configuration, and the addresses that its ports may have.
 */
const attachments = object({
  clients: list(name),
  routers: list(object({ network: name, mac: macAddress, addresses: list(address) })),
  gateways: list(address),
  subnets: list(cidr),
  /** The first and the last address of each range that clients get addresses of. */
  pool: list(list(address)),
  fixed: list(address),
});

/** What clients may send by their primary interface. */
const primary = object({
  /** How it is called in a pod. */
  interface: interfaceName,
  /** The destinations, of each family that is limited. */
  IPv4: optional(list(cidr)),
  IPv6: optional(list(cidr)),
  /** Whether they may reply to whoever has connected to them there. */
  replies: flag,
});

/** The `config.json` of the node agents of a network. */
export const AGENT_CONFIG = object({
  version: oneOf(VERSION),
  network: networkLabel,
  bridge: interfaceName,
  /** The group of the network's ports (ip-link(8), "group"). */
  portGroup: integer(1, 99_999_999),
  mtu,
  overlay: optional(
    object({
      device: interfaceName,
      vni: integer(1, 16_777_215),
      port: integer(1, 65_535),
      family,
      /** The interface that carries the VXLAN; unless given, the one that has the node's address. */
      underlay: optional(interfaceName),
      flooding,
    }),
  ),
  peers: optional(list(address)),
  ttl: optional(integer(1, 255)),
  /** The bridge that CNI plugins attach pods to; unless given, all ports of `bridge` are the network's. */
  entry: optional(interfaceName),
  /** Where Multus has libcni keep what it has given to pods. */
  cniResults: optional(folder),
  attachments: optional(attachments),
  primary: optional(primary),
  /** The chain of the cluster's source NAT that the network's subnets are exempt from, where that is done there. */
  snat: optional(object({ chain: name, subnets: list(cidr) })),
  iptablesLegacy: oneOf('Report', 'Manage'),
  metricsFile: optional(metricsFile),
  metricsPage: optional(metricsPage),
});

export type AgentConfig = Of<typeof AGENT_CONFIG>;
export type Overlay = NonNullable<AgentConfig['overlay']>;
export type Attachments = NonNullable<AgentConfig['attachments']>;
export type Primary = NonNullable<AgentConfig['primary']>;

/**
 * What a running agent takes over from a changed ConfigMap, as it does the rules. All else takes a new pod: the name of
 * the ConfigMap ends with a hash of it, so that a change of it is a change of the pod template.
 */
export const LIVE_AGENT_KEYS: readonly (keyof AgentConfig)[] = [
  'mtu',
  'peers',
  'ttl',
  'attachments',
  'primary',
  'snat',
];

/**
 * Checks what values must be together.
 *
 * @throws Misfit that says which is missing, or is not of the overlay's family
 */
export function checkTogether({
  overlay,
  peers = [],
  ttl,
  entry,
  cniResults,
  attachments: given,
  primary: limits,
}: AgentConfig): void {
  const need = (key: string, isThere: boolean) => {
    if (!isThere) throw new Misfit(`config.json: ${key} is missing`);
  };
  if (entry !== undefined) {
    need('cniResults', cniResults !== undefined);
    need('attachments', given !== undefined);
    need('primary', limits !== undefined);
  }
  if (overlay === undefined) return;
  const needFamily = (key: string, addresses: readonly string[]) => {
    const stranger = addresses.find((each) => parseAddress(each)?.family !== overlay.family);
    if (stranger === undefined) return;
    throw new Misfit(`config.json: ${key} must be of the family ${overlay.family}, but has '${stranger}'`);
  };
  if (overlay.flooding.type === 'Listed') {
    need('peers', peers.length > 0);
    needFamily('peers', peers);
  } else if (overlay.flooding.type === 'Multicast') {
    need('ttl', ttl !== undefined);
    needFamily('overlay.flooding.group', [overlay.flooding.group]);
  }
}
