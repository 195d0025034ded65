import { refusal } from '../fault.ts';
import { subnetsOf } from '../subnet.ts';
import type { Rule } from './rule.ts';

const PATH = 'spec.ipam.type';

/**
 * HostLocal is for one node and IPv4: its files are the node's own, and it names a gateway for
 * each family of its addresses,
 * which CNI's `ConfigureIface` then gives to every route that has none of its own, also to those
 * that must have none to block.
 */
export const ipam: Rule = {
  reads: [PATH, 'spec.overlay', 'spec.subnets'],
  checkNetwork: (network) => {
    const { ipam: given, overlay } = network.spec;
    if (given?.type !== 'HostLocal') return [];
    const details = (because: string) => ({ because, proposed: 'Whereabouts' });
    if (overlay !== undefined) {
      const because = 'each node would assign the same addresses';
      return [
        refusal('Unsupported', PATH, given.type, 'be "Whereabouts" when `spec.overlay` is set', details(because)),
      ];
    }
    const served = subnetsOf(network).find(({ cidr }) => cidr.family === 'IPv6');
    if (served === undefined) return [];
    const because = 'host-local gives every IPv6 route a gateway, so outside traffic could bypass ours';
    return [refusal('Unsupported', PATH, given.type, 'be "Whereabouts" with an IPv6 subnet', details(because))];
  },
};
