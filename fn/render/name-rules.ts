import { FAMILIES, formatAddress } from '../net/address.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { IP, set } from './nft.ts';

/**
 * Queries to the upstream name servers leave only through the egress, whatever routes the router has. A VPN's name
 * servers often have private addresses, like the cluster's own.
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
