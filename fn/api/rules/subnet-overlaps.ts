import { parseAddress } from '../../net/address.ts';
import { anyOverlap, containsAddress, overlaps, parseCidr } from '../../net/cidr.ts';
import { refusal, type Fault } from '../fault.ts';
import type { GatewayNetwork } from '../generated/gateway-network.ts';
import { quote } from '../quote.ts';
import { subnetsOf, type Subnet } from '../subnet.ts';
import type { Clash, Rule, Subject } from './rule.ts';

/**
 * A subnet shares no address with the cluster's own networks, with the nodes, or with the subnets
 * of other networks.
 */
export const subnetOverlaps: Rule = {
  reads: ['spec.subnets', 'spec.cluster.cidrs', 'spec.overlay.flooding.unicast.peers'],
  checkNetwork: (network) =>
    subnetsOf(network).flatMap((subnet) => [...withCluster(subnet, network), ...withNodes(subnet, network)]),
  checkAll: (subjects) => {
    const all = subjects.flatMap((subject) => subnetsOf(subject.network).map((subnet) => ({ subject, subnet })));
    if (!anyOverlap(all.map(({ subnet }) => subnet.cidr))) return [];
    return all.flatMap(({ subject, subnet }, index) => {
      const earlier = all
        .slice(0, index)
        .find((other) => other.subject.key !== subject.key && overlaps(other.subnet.cidr, subnet.cidr));
      return earlier === undefined ? [] : [withNetwork(subject, subnet, earlier.subject, earlier.subnet)];
    });
  },
};

function withCluster({ path, text, cidr }: Subnet, { spec }: GatewayNetwork): readonly Fault[] {
  return (spec.cluster?.cidrs ?? []).flatMap((network, index) => {
    const parsed = parseCidr(network);
    if (parsed === undefined || !overlaps(parsed, cidr)) return [];
    const because = 'an address in both would be reached through the primary network';
    const requirement = `not overlap \`spec.cluster.cidrs[${index}]\`, which is ${quote(network)}`;
    return [refusal('Overlap', path, text, requirement, { because })];
  });
}

function withNodes({ path, text, cidr }: Subnet, { spec }: GatewayNetwork): readonly Fault[] {
  return (spec.overlay?.flooding?.unicast?.peers ?? []).flatMap((peer, index) => {
    const address = parseAddress(peer);
    if (address === undefined || !containsAddress(cidr, address)) return [];
    const because = 'the nodes would look for each other inside this network';
    const requirement = `not contain \`spec.overlay.flooding.unicast.peers[${index}]\`, which is ${quote(peer)}`;
    return [refusal('Overlap', path, text, requirement, { because })];
  });
}

function withNetwork(subject: Subject, subnet: Subnet, other: Subject, theirs: Subnet): Clash {
  const requirement = `not overlap \`${theirs.path}\` of ${other.label}, which is ${quote(theirs.text)}`;
  return { subject, fault: refusal('Overlap', subnet.path, subnet.text, requirement) };
}
