import { type Address, parseAddress } from '../../net/address.ts';
import { containsAddress, parseCidr, parseLooseCidr } from '../../net/cidr.ts';
import { isIn, UNROUTED } from '../../net/special-ranges.ts';
import { fault, type Fault, refusal } from '../fault.ts';
import type { GatewayNetwork } from '../generated/gateway-network.ts';
import { quote } from '../quote.ts';
import { subnetsOf } from '../subnet.ts';
import type { Rule } from './rule.ts';

const PATH = 'spec.gateway.healthCheck.addresses';

/** Health check addresses are outside the cluster, and of a family that leaves through the egress. */
export const healthCheck: Rule = {
  reads: ['spec.subnets', 'spec.cluster.cidrs', 'spec.gateway.egress.network.addresses', 'spec.gateway.healthCheck'],
  checkNetwork: (network) =>
    (network.spec.gateway?.healthCheck?.addresses ?? []).flatMap((text, index) =>
      faults(`${PATH}[${index}]`, text, network),
    ),
};

function faults(path: string, text: string, network: GatewayNetwork): readonly Fault[] {
  const address = parseAddress(text);
  if (address === undefined) return [fault('InvalidAddress', path, text, 'be an IP address, such as "1.1.1.1"')];
  if (isIn(UNROUTED, address)) {
    return [fault('InvalidAddress', path, text, 'be the address of a host outside the cluster')];
  }
  const subnets = subnetsOf(network);
  const subnet = subnets.find(({ cidr }) => containsAddress(cidr, address));
  if (subnet !== undefined) {
    const requirement = `lie outside \`${subnet.path}\`, which is ${quote(subnet.text)}`;
    return [
      refusal('InvalidAddress', path, text, requirement, { because: 'clients would look for it among themselves' }),
    ];
  }
  if (subnets.length > 0 && subnets.every(({ cidr }) => cidr.family !== address.family)) {
    const because = `\`spec.subnets\` has no ${address.family} subnet, so ${address.family} does not leave through the gateway`;
    return [refusal('InvalidAddress', path, text, 'be of another IP family', { because })];
  }
  return clusterFaults(path, text, address, network);
}

/** The network of the egress counts as outside, even if it overlaps the cluster's networks. */
function clusterFaults(path: string, text: string, address: Address, { spec }: GatewayNetwork): readonly Fault[] {
  const routers = spec.gateway?.egress?.network?.addresses ?? [];
  if (routers.some((router) => lies(router, address))) return [];
  return (spec.cluster?.cidrs ?? []).flatMap((cidr, index) => {
    if (parseCidr(cidr) === undefined || !lies(cidr, address)) return [];
    const requirement = `lie outside \`spec.cluster.cidrs[${index}]\`, which is ${quote(cidr)}`;
    const because = 'clients reach it without the gateway';
    return [refusal('InvalidAddress', path, text, requirement, { because })];
  });
}

function lies(network: string, address: Address): boolean {
  const cidr = parseLooseCidr(network);
  return cidr !== undefined && containsAddress(cidr, address);
}
