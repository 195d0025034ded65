import { firstOf } from '../../net/cidr.ts';
import { fault, type Fault } from '../fault.ts';
import { readHostAddress } from '../host-address.ts';
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
      const read = readHostAddress(path, text, subnets, (cidr) => firstOf(cidr) + 1n);
      if (read.fault) return [read.fault];
      const earlier = taken.get(read.subnet);
      if (earlier !== undefined) return [another(path, text, earlier, read.subnet)];
      taken.set(read.subnet, path);
      return [];
    });
  },
};

function another(path: string, text: string, earlier: string, subnet: Subnet): Fault {
  const requirement = `be removed or lie in another subnet than \`${earlier}\``;
  return fault('InvalidAddress', path, text, requirement, {
    because: `${subnet.text} can have one gateway address`,
  });
}
