import { formatCidr, overlaps, parseCidr, parseLooseCidr, type Cidr } from '../../net/cidr.ts';
import { fault, type Fault } from '../fault.ts';
import { quote } from '../quote.ts';
import { subnetsOf } from '../subnet.ts';
import type { Rule } from './rule.ts';

/** Subnets are networks of distinct families, of a sensible size, in ranges that hosts may have addresses of. */
export const subnets: Rule = {
  reads: ['spec.subnets'],
  checkNetwork: (network) => {
    const read = subnetsOf(network);
    return network.spec.subnets.flatMap((text, index) => {
      const path = `spec.subnets[${index}]`;
      const subnet = read.find((each) => each.path === path);
      if (subnet === undefined) return unreadable(path, text);
      const first = read.find((each) => each.cidr.family === subnet.cidr.family);
      return first === subnet || first === undefined
        ? misplaced(path, text, subnet.cidr)
        : [second(path, text, first.text)];
    });
  },
};

/**
 * Shortest and longest prefix by family: no larger than the largest private range, no more IPv6 than the /64 of a link, and
 * room for a gateway and a client.
 */
const LENGTHS = { IPv4: [8, 29], IPv6: [64, 125] } as const;

/** Ranges that no host has an address of (RFC 6890, RFC 4291). */
const SPECIAL: Readonly<Record<string, string>> = {
  '0.0.0.0/8': '"this network"',
  '127.0.0.0/8': 'loopback',
  '169.254.0.0/16': 'link-local',
  '224.0.0.0/4': 'multicast',
  '240.0.0.0/4': 'reserved',
  '::/127': 'loopback',
  'fe80::/10': 'link-local',
  'ff00::/8': 'multicast',
};

function unreadable(path: string, text: string): readonly Fault[] {
  const loose = parseLooseCidr(text);
  if (loose === undefined) {
    return [fault('InvalidSubnet', path, text, 'be a subnet in CIDR notation, such as "192.168.50.0/24"')];
  }
  const proposed = formatCidr(loose);
  return [
    fault('InvalidSubnet', path, text, `be ${quote(proposed)}`, {
      because: 'the bits behind the prefix are zero in a subnet',
      proposed,
    }),
  ];
}

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
  return Object.entries(SPECIAL).flatMap(([range, what]) => {
    const special = parseCidr(range);
    if (special === undefined || !overlaps(special, cidr)) return [];
    const because = `the addresses of that range are ${what}`;
    return [fault('InvalidSubnet', path, text, `lie outside ${range}`, { because })];
  });
}
