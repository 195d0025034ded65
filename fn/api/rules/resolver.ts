import { type Address, isSame, parseAddress } from '../../net/address.ts';
import { containsAddress, parseCidr } from '../../net/cidr.ts';
import { UNROUTED } from '../../net/special-ranges.ts';
import { fault, type Fault, refusal } from '../fault.ts';
import { DEFAULTS } from '../generated/fields.ts';
import type { GatewayNetwork } from '../generated/gateway-network.ts';
import { quote } from '../quote.ts';
import { subnetsOf } from '../subnet.ts';
import type { Rule } from './rule.ts';

const UPSTREAMS = 'spec.gateway.dns.upstreams';

/** The resolver's upstreams are outside the cluster and reachable through the egress. */
export const resolver: Rule = {
  reads: [
    'spec.subnets',
    'spec.cluster.cidrs',
    'spec.clients',
    'spec.gateway.dns.upstreams',
    'spec.gateway.egress.type',
  ],
  checkNetwork: (network) => {
    const { upstreams = [] } = network.spec.gateway?.dns ?? {};
    return [
      ...missing(network),
      ...upstreams.flatMap((text, index) => upstreamFaults(upstreams, text, index, network)),
    ];
  },
};

/** The cluster's name servers would query names outside without the gateway. */
function missing(network: GatewayNetwork): readonly Fault[] {
  const { spec } = network;
  const type = egressOf(network);
  const asking = (spec.clients ?? []).findIndex(({ dns }) => dns === 'Gateway');
  if (type === 'ClusterNetwork' || asking < 0 || spec.gateway?.dns?.upstreams !== undefined) return [];
  const requirement = `be set when \`spec.clients[${asking}].dns\` is "Gateway" and \`spec.gateway.egress.type\` is ${quote(type)}`;
  const because = 'the name servers of the cluster do not send their queries through the gateway';
  return [fault('MissingField', UPSTREAMS, undefined, requirement, { because })];
}

function upstreamFaults(
  all: readonly string[],
  text: string,
  index: number,
  network: GatewayNetwork,
): readonly Fault[] {
  const path = `${UPSTREAMS}[${index}]`;
  const address = parseAddress(text);
  if (address === undefined) {
    return [fault('InvalidAddress', path, text, 'be the IP address of a name server, such as "9.9.9.9"')];
  }
  const earlier = all.findIndex((other) => isSame(parseAddress(other), address));
  if (earlier !== index) {
    return [fault('InvalidAddress', path, text, `be another address than \`${UPSTREAMS}[${earlier}]\``)];
  }
  return [...misplaced(path, text, address, network), ...unserved(path, text, address, network)].slice(0, 1);
}

/** An egress of type ClusterNetwork also reaches the cluster's networks. */
function misplaced(path: string, text: string, address: Address, network: GatewayNetwork): readonly Fault[] {
  const cluster = egressOf(network) === 'ClusterNetwork' ? [] : (network.spec.cluster?.cidrs ?? []);
  const inside = [
    ...UNROUTED.map((range) => [range.text, 'no name server has an address there'] as const),
    ...subnetsOf(network).map(({ text: cidr }) => [cidr, 'that is the subnet of the clients'] as const),
    ...cluster.map(
      (cidr, index) => [cidr, `that is \`spec.cluster.cidrs[${index}]\`, which the egress does not reach`] as const,
    ),
  ];
  return inside.flatMap(([range, because]) => {
    const cidr = parseCidr(range);
    if (cidr === undefined || !containsAddress(cidr, address)) return [];
    return [refusal('InvalidAddress', path, text, `lie outside ${range}`, { because })];
  });
}

/** Except on the cluster's network, the router has an egress only for the families of the network. */
function unserved(path: string, text: string, { family }: Address, network: GatewayNetwork): readonly Fault[] {
  if (egressOf(network) === 'ClusterNetwork') return [];
  const subnets = subnetsOf(network);
  if (subnets.length === 0 || subnets.some(({ cidr }) => cidr.family === family)) return [];
  const because = `the router has no egress for ${family} without a subnet of that family`;
  const other = family === 'IPv4' ? 'IPv6' : 'IPv4';
  return [fault('InvalidAddress', path, text, `be an ${other} address`, { because })];
}

function egressOf({ spec }: GatewayNetwork): string {
  return spec.gateway?.egress?.type ?? DEFAULTS['spec.gateway.egress.type'];
}
