import { formatCidr, overlaps } from '../../net/cidr.ts';
import { type Check, error, type Observed, ok, unknown, unseenAmong } from '../check.ts';
import { type ClusterNetwork, clusterNetworks, unseenNetworks } from '../cluster-networks.ts';
import type { Network } from '../network.ts';

/** Whether the subnets of a network are used by nothing else. */
export const subnets: Check = {
  name: 'subnets',
  why: 'a client would look on its gateway network for what is elsewhere, and two pods may have one address',
  anchor: 'a-subnet-overlaps-another-network',
  examine: ({ facts, networks, installed }) => {
    const known = clusterNetworks(facts);
    const gap = unseenNetworks(facts, known) ?? unseenAmong({ 'networks of the cluster': facts.installed });
    return networks.map((one) => ({ ...overlapOf(one, known, installed, gap), network: one.label }));
  },
};

function overlapOf(
  network: Network,
  known: readonly ClusterNetwork[],
  installed: readonly Network[],
  gap: string | undefined,
): Observed {
  const others = installed
    .filter(({ label }) => label !== network.label)
    .flatMap(({ label, subnets: own }) =>
      own.map((cidr) => ({ cidr, what: `${formatCidr(cidr)} of the network ${label}` })),
    );
  const taken = [
    ...others,
    ...known.map(({ cidr, text, of, source }) => ({ cidr, what: `${text} of the ${of} (${source})` })),
  ];
  const [found] = network.subnets.flatMap((subnet) =>
    taken.filter(({ cidr }) => overlaps(cidr, subnet)).map(({ what }) => ({ subnet, what })),
  );
  if (found !== undefined) {
    return error(`${formatCidr(found.subnet)} overlaps ${found.what}`, 'take other addresses for `spec.subnets`');
  }
  const own = network.subnets.map(formatCidr).join(', ');
  if (gap !== undefined) return unknown(`nothing is seen that uses ${own}, but not all is: ${gap}`);
  return ok('nothing else uses its subnets');
}
