import { cidrFaults } from '../cidr-faults.ts';
import type { Rule } from './rule.ts';

const PATH = 'spec.cluster.cidrs';

/** The cluster's networks are networks in CIDR notation. */
export const clusterCidrs: Rule = {
  reads: [PATH],
  checkNetwork: ({ spec }) =>
    (spec.cluster?.cidrs ?? []).flatMap((text, index) =>
      cidrFaults(`${PATH}[${index}]`, text, 'be a network in CIDR notation, such as "10.244.0.0/16"'),
    ),
};
