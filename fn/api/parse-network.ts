import { byFamily } from '../net/address.ts';
import { parseRange } from '../net/range.ts';
import { parseAgent } from './agent.ts';
import { assured, cidrsOf } from './assured.ts';
import { parseClient } from './client.ts';
import { gatewayAddress } from './gateway-address.ts';
import { parseGateway } from './gateway.ts';
import { DEFAULTS } from './generated/fields.ts';
import type { GatewayNetwork, GatewayNetworkSpec } from './generated/gateway-network.ts';
import { parseMonitoring } from './monitoring.ts';
import type { Network } from './network.ts';
import { parseNodes } from './nodes.ts';
import { capacity, parseInterfaceName, parseOverlay } from './overlay.ts';

/** The payload of an Ethernet frame, in bytes (IEEE 802.3). */
const ETHERNET_MTU = 1500;
const DEFAULT_IMAGE = `ghcr.io/gateway-network-fn/gateway-network-node:v${__VERSION__}`;

/** The values of a network in which neither the schema nor any rule has found a fault. */
export function parseNetwork({ apiVersion, kind, metadata, spec }: GatewayNetwork): Network {
  const { name, namespace = '' } = metadata;
  const { reserved = [], clients = [], interfaces = {}, cluster = {}, images = {} } = spec;
  const subnets = parseSubnets(spec);
  return {
    apiVersion,
    kind,
    name,
    namespace,
    subnets,
    reserved: reserved.map((text) => assured(parseRange(text))),
    mtu: spec.mtu ?? defaultMTU(spec),
    unservedFamily: spec.unservedFamily ?? DEFAULTS['spec.unservedFamily'],
    clientIsolation: spec.clientIsolation ?? DEFAULTS['spec.clientIsolation'],
    ipam: spec.ipam?.type ?? defaultIPAM(spec, subnets),
    overlay: parseOverlay(spec),
    bridge: parseInterfaceName(interfaces.bridge),
    agent: parseAgent(spec),
    nodes: parseNodes(spec, namespace),
    clusterCidrs: cidrsOf(cluster.cidrs),
    dataplane: cluster.dataplane ?? DEFAULTS['spec.cluster.dataplane'],
    gateway: parseGateway(spec, namespace),
    clients: clients.map(parseClient),
    admissionCheck: spec.admissionCheck ?? DEFAULTS['spec.admissionCheck'],
    monitoring: parseMonitoring(spec),
    image: images.node ?? DEFAULT_IMAGE,
    pullSecrets: images.pullSecrets ?? [],
  };
}

function parseSubnets({ subnets, gatewayAddresses }: GatewayNetworkSpec): Network['subnets'] {
  const [first, ...others] = cidrsOf(subnets)
    .toSorted(byFamily)
    .map((cidr) => ({ cidr, gateway: gatewayAddress(cidr, gatewayAddresses) }));
  return [assured(first), ...others];
}

function defaultMTU({ overlay }: GatewayNetworkSpec): number {
  if (overlay === undefined) return ETHERNET_MTU;
  const { bytes, overhead } = capacity(overlay.underlay);
  return bytes - overhead;
}

/** host-local gives every route a gateway of its family, and an on-link IPv6 route must have none. */
function defaultIPAM({ overlay }: GatewayNetworkSpec, subnets: Network['subnets']): Network['ipam'] {
  return overlay === undefined && subnets.every(({ cidr }) => cidr.family === 'IPv4') ? 'HostLocal' : 'Whereabouts';
}
