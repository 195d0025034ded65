import { cidrOf, containsCidr, parseCidr } from '../../net/cidr.ts';
import { cidrFaults } from '../cidr-faults.ts';
import { fault, type Fault } from '../fault.ts';
import type { Rule } from './rule.ts';

const PATH = 'spec.cluster.cidrs';

/** The internet of each IP family; that of IPv6 is global unicast (RFC 4291). */
const INTERNET = ['0.0.0.0/0', '2000::/3'].map(cidrOf);

/** The cluster's networks are networks in CIDR notation, of which none holds the whole internet. */
export const clusterCidrs: Rule = {
  reads: [PATH],
  checkNetwork: ({ spec }) =>
    (spec.cluster?.cidrs ?? []).flatMap((text, index) => [
      ...cidrFaults(`${PATH}[${index}]`, text, 'be a network in CIDR notation, such as "10.244.0.0/16"'),
      ...tooWide(`${PATH}[${index}]`, text),
    ]),
};

function tooWide(path: string, text: string): readonly Fault[] {
  const cidr = parseCidr(text);
  if (cidr === undefined || !INTERNET.some((all) => containsCidr(cidr, all))) return [];
  const because =
    `all of ${cidr.family} would leave by the primary network, and none of it by the gateway; ` +
    'for that, of a family without a subnet, set `spec.unservedFamily` to "Bypass"';
  return [fault('InvalidSubnet', path, text, "be a network of the cluster's pods, Services or nodes", { because })];
}
