import { formatAddress, parseAddress, type Address } from '../../net/address.ts';
import { containsAddress, firstOf, lastOf, type Cidr } from '../../net/cidr.ts';
import { fault, type Fault } from '../fault.ts';
import { anyOf } from '../quote.ts';
import { subnetsOf, type Subnet } from '../subnet.ts';
import type { Rule } from './rule.ts';

/** A gateway address is a host address of a subnet, the only one there. */
export const gatewayAddresses: Rule = {
  reads: ['spec.subnets', 'spec.gatewayAddresses'],
  checkNetwork: (network) => {
    const subnets = subnetsOf(network);
    if (subnets.length < network.spec.subnets.length) return [];
    const taken = new Map<Subnet, string>();
    return (network.spec.gatewayAddresses ?? []).flatMap((text, index) => {
      const path = `spec.gatewayAddresses[${index}]`;
      const address = parseAddress(text);
      if (address === undefined) {
        return [fault('InvalidAddress', path, text, 'be an IP address, such as "192.168.50.1"')];
      }
      const subnet = subnets.find(({ cidr }) => containsAddress(cidr, address));
      if (subnet === undefined) return [outside(path, text, subnets)];
      const earlier = taken.get(subnet);
      if (earlier !== undefined) return [another(path, text, earlier, subnet)];
      taken.set(subnet, path);
      return unusable(path, text, address, subnet.cidr);
    });
  },
};

function outside(path: string, text: string, subnets: readonly Subnet[]): Fault {
  return fault('InvalidAddress', path, text, `be an address inside ${anyOf(subnets.map((subnet) => subnet.text))}`);
}

function another(path: string, text: string, earlier: string, subnet: Subnet): Fault {
  const requirement = `be removed or lie in another subnet than \`${earlier}\``;
  return fault('InvalidAddress', path, text, requirement, {
    because: `${subnet.text} can have one gateway address`,
  });
}

/** The first address names the subnet, in IPv6 any of its routers (RFC 4291 section 2.6.1); the last one of IPv4 is for broadcasts. */
function unusable(path: string, text: string, { family, value }: Address, cidr: Cidr): readonly Fault[] {
  const isFirst = value === firstOf(cidr);
  if (!isFirst && !(family === 'IPv4' && value === lastOf(cidr))) return [];
  const what = isFirst ? (family === 'IPv4' ? 'the network' : 'the subnet-router anycast') : 'the broadcast';
  const proposed = formatAddress({ family, value: firstOf(cidr) + 1n });
  return [
    fault('InvalidAddress', path, text, `be a host address, such as "${proposed}"`, {
      because: `this is ${what} address of the subnet`,
      proposed,
    }),
  ];
}
