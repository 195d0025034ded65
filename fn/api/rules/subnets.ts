import { overlaps, type Cidr } from '../../net/cidr.ts';
import { UNROUTED } from '../../net/special-ranges.ts';
import { cidrFaults } from '../cidr-faults.ts';
import { fault, type Fault } from '../fault.ts';
import { quote } from '../quote.ts';
import { subnetsOf } from '../subnet.ts';
import type { Rule } from './rule.ts';

const SUBNET = 'be a subnet in CIDR notation, such as "192.168.50.0/24"';

/** Subnets are networks of distinct families, of a sensible size, in ranges that hosts may have addresses of. */
export const subnets: Rule = {
  reads: ['spec.subnets'],
  checkNetwork: (network) => {
    const read = subnetsOf(network);
    return network.spec.subnets.flatMap((text, index) => {
      const path = `spec.subnets[${index}]`;
      const subnet = read.find((each) => each.path === path);
      if (subnet === undefined) return cidrFaults(path, text, SUBNET, 'subnet');
      const first = read.find((each) => each.cidr.family === subnet.cidr.family);
      return first === subnet || first === undefined
        ? misplaced(path, text, subnet.cidr)
        : [second(path, text, first.text)];
    });
  },
};

/**
 * Shortest and longest prefix by family: no larger than the largest private range, no more IPv6
 * than the /64 of a link, and
 * room for a gateway and a client.
 */
const LENGTHS = { IPv4: [8, 29], IPv6: [64, 125] } as const;

function second(path: string, text: string, first: string): Fault {
  return fault('InvalidSubnet', path, text, `be of another IP family than ${quote(first)}`, {
    because: 'a network has at most one subnet of each family',
  });
}

function misplaced(path: string, text: string, cidr: Cidr): readonly Fault[] {
  const [shortest, longest] = LENGTHS[cidr.family];
  if (cidr.length < shortest || cidr.length > longest) {
    return [fault('InvalidSubnet', path, text, `have a prefix length between ${shortest} and ${longest}`)];
  }
  return UNROUTED.filter((range) => overlaps(range.cidr, cidr)).map((range) =>
    fault('InvalidSubnet', path, text, `lie outside ${range.text}`, {
      because: `the addresses of that range are ${range.purpose}`,
    }),
  );
}
