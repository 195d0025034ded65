import { formatCidr, parseCidr, parseLooseCidr } from '../../net/cidr.ts';
import { fault } from '../fault.ts';
import { quote } from '../quote.ts';
import type { Rule } from './rule.ts';

/** The cluster's networks are networks in CIDR notation. */
export const clusterCidrs: Rule = {
  reads: ['spec.cluster.cidrs'],
  checkNetwork: ({ spec }) =>
    (spec.cluster?.cidrs ?? []).flatMap((text, index) => {
      if (parseCidr(text) !== undefined) return [];
      const path = `spec.cluster.cidrs[${index}]`;
      const loose = parseLooseCidr(text);
      if (loose === undefined) {
        return [fault('InvalidSubnet', path, text, 'be a network in CIDR notation, such as "10.244.0.0/16"')];
      }
      const proposed = formatCidr(loose);
      const because = 'the bits behind the prefix are zero in a network';
      return [fault('InvalidSubnet', path, text, `be ${quote(proposed)}`, { because, proposed })];
    }),
};
