import { FAMILIES, formatAddress } from '../net/address.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { IP, set } from './nft.ts';

/**
 * Name servers outside are asked by way of the egress and by no other, whatever the router's routes are at the moment. Those of a
 * VPN have private addresses more often than not, as the cluster's own have.
 */
export function nameRules({ resolver }: NetworkPlan): readonly string[] {
  if (resolver.type === 'None') return [];
  return FAMILIES.flatMap((family) => {
    const own = resolver.upstreams.filter((address) => address.family === family);
    if (own.length === 0) return [];
    return ['udp', 'tcp'].map(
      (protocol) =>
        `${IP[family]} daddr ${set(own.map(formatAddress))} ${protocol} dport 53 counter drop comment "dns-outside-egress"`,
    );
  });
}
