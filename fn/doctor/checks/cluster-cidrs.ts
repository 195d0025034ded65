import { type Cidr, containsCidr, parseCidr } from '../../net/cidr.ts';
import { type Check, error, type Observed, ok, unknown, warning } from '../check.ts';
import { type ClusterNetwork, clusterNetworks, unseenNetworks } from '../cluster-networks.ts';
import type { Network } from '../network.ts';

/** Whether what is of the cluster stays in it. */
export const clusterCidrs: Check = {
  name: 'cluster-cidrs',
  why: 'clients send everything outside of `spec.cluster.cidrs` to the gateway: names would not resolve, and probes fail',
  anchor: 'the-clusters-networks-are-not-in-specclustercidrs',
  examine: ({ facts, networks }) => {
    const known = clusterNetworks(facts);
    const gap = unseenNetworks(facts, known);
    return networks.flatMap((one) => strangersOf(one, known, gap).map((seen) => ({ ...seen, network: one.label })));
  },
};

const KINDS = ['pods', 'Services', 'nodes'] as const;

function strangersOf(network: Network, known: readonly ClusterNetwork[], gap: string | undefined): readonly Observed[] {
  const { primary } = network.agentConfig ?? {};
  if (primary === undefined) return [unknown('what stays in the cluster is not told by the objects of the network')];
  const kept = [primary.IPv4, primary.IPv6].map((texts) => texts?.flatMap((text) => parseCidr(text) ?? []));
  const isKept = ({ cidr }: ClusterNetwork) => stays(cidr, cidr.family === 'IPv4' ? kept[0] : kept[1]);
  const found = KINDS.flatMap((of) => {
    const outside = known.filter((one) => one.of === of && !isKept(one));
    const [first] = outside;
    return first === undefined ? [] : [fault(of, first, outside.length - 1)];
  });
  if (gap !== undefined)
    return [...found, unknown(gap, 'compare `spec.cluster.cidrs` with the arguments of the API server and of the CNI')];
  return found.length > 0 ? found : [ok('the networks of pods, Services and nodes stay in the cluster')];
}

/** A family that is not limited leaves by the primary interface as before. */
function stays(cidr: Cidr, kept: readonly Cidr[] | undefined): boolean {
  return kept === undefined || kept.some((outer) => containsCidr(outer, cidr));
}

function fault(of: ClusterNetwork['of'], { text, source }: ClusterNetwork, more: number): Observed {
  const seen = `${text} of the ${of} is not kept in the cluster (${source}${more > 0 ? `, and ${more} more` : ''})`;
  const advice = 'list the networks of pods, Services and nodes in `spec.cluster.cidrs`';
  return of === 'nodes' ? warning(seen, advice) : error(seen, advice);
}
