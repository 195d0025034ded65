import { containsAddress } from '../../net/cidr.ts';
import { parseRange } from '../../net/range.ts';
import { hasClientAddress } from '../client-pool.ts';
import { fault, type Fault } from '../fault.ts';
import { anyOf } from '../quote.ts';
import { subnetsOf, type Subnet } from '../subnet.ts';
import type { Rule } from './rule.ts';

/** Reserved addresses lie inside a subnet, and leave an address to clients. */
export const reserved: Rule = {
  reads: ['spec.subnets', 'spec.gatewayAddresses', 'spec.reserved'],
  checkNetwork: (network) => {
    const { spec } = network;
    const subnets = subnetsOf(network);
    if (spec.reserved === undefined || subnets.length < spec.subnets.length) return [];
    const faults = spec.reserved.flatMap((text, index) => entryFaults(`spec.reserved[${index}]`, text, subnets));
    if (faults.length > 0) return faults;
    const ranges = spec.reserved.map(parseRange).filter((range) => range !== undefined);
    const full = subnets.filter(({ cidr }) => !hasClientAddress(cidr, spec.gatewayAddresses ?? [], ranges));
    return full.map(({ text }) => ({
      code: 'InvalidAddress',
      path: 'spec.reserved',
      value: spec.reserved,
      message: `\`spec.reserved\` must leave at least one address of "${text}" to clients, besides the gateway and the addresses that are kept free for routers`,
    }));
  },
};

function entryFaults(path: string, text: string, subnets: readonly Subnet[]): readonly Fault[] {
  const range = parseRange(text);
  if (range === undefined) {
    const requirement = 'be an address, an ascending range such as "192.168.50.20-192.168.50.29", or a CIDR block';
    return [fault('InvalidAddress', path, text, requirement)];
  }
  const isInside = subnets.some(({ cidr }) =>
    [range.first, range.last].every((value) => containsAddress(cidr, { family: range.family, value })),
  );
  if (isInside) return [];
  return [fault('InvalidAddress', path, text, `lie inside ${anyOf(subnets.map((subnet) => subnet.text))}`)];
}
