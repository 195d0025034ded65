import { flag, list, object, type Of, oneOf, optional, variants } from './shape.ts';
import {
  address,
  cidr,
  interfaceAddress,
  interfaceName,
  macAddress,
  metricsFile,
  metricsPage,
  mtu,
  name,
  networkLabel,
  VERSION,
} from './values.ts';

/** What is known of one of the routers of a network. */
const router = object({
  name,
  mac: macAddress,
  /** Its own on the network: with the gateway's where it is the only router. */
  addresses: list(interfaceAddress),
  /** Its own on the network of the egress, where that is one. */
  egressAddresses: list(interfaceAddress),
});

/** The `config.json` of the routers of a network, which all their programs read. */
export const ROUTER_CONFIG = object({
  version: oneOf(VERSION),
  network: networkLabel,
  /** The interface on the network. */
  interface: interfaceName,
  mtu,
  subnets: list(cidr),
  /** The gateway's address of each subnet. */
  gateways: list(address),
  /** Whether there are agents on the nodes, which raise the MTU of the nodes' ends of routers. */
  hasAgents: flag,
  /** Whether the network's bridge answers the routers' question whether they are on it. */
  bridgeAnswers: flag,
  routers: list(router),
  egress: variants({
    ClusterNetwork: { interface: interfaceName },
    VPN: { interface: interfaceName },
    Network: { interface: interfaceName },
  }),
  /** Of an egress of the type Network: `networks` are on it, `nextHops` lead to all others. */
  egressRoutes: optional(object({ networks: list(cidr), nextHops: list(address) })),
  wireGuard: optional(object({ implementation: oneOf('Kernel', 'Userspace') })),
  failover: optional(
    object({
      /** What the active router has on the network, and on that of the egress. */
      addresses: list(interfaceAddress),
      egressAddresses: list(interfaceAddress),
      /** Whether the routers tell each other of connections. */
      synchronised: flag,
    }),
  ),
  /** One of these must answer by the interface of the egress; none where that is not asked. */
  healthCheck: list(address),
  resolver: optional(object({ upstreams: list(address), clusterDomain: name, clusterCidrs: list(cidr) })),
  metricsFile: optional(metricsFile),
  metricsPage: optional(metricsPage),
});

export type RouterConfig = Of<typeof ROUTER_CONFIG>;

/**
 * What a running router takes over from a changed ConfigMap, as it does the rules. All else takes a new pod: addresses,
 * interfaces, and what its containers are made of. The name of the ConfigMap ends with a hash of that, so that a change
 * of it is a change of the pod template. Of `routers`, it takes over what is of the others; of what is its own the pod
 * template has a hash.
 */
export const LIVE_ROUTER_KEYS: readonly (keyof RouterConfig)[] = [
  'mtu',
  'hasAgents',
  'bridgeAnswers',
  'egressRoutes',
  'healthCheck',
  'resolver',
];
