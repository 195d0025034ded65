import { formatAddress } from '../net/address.ts';
import { formatCidr } from '../net/cidr.ts';
import { OVERLAY_INTERFACE } from '../plan/gateway.ts';
import type { LocatedPlan } from '../plan/network-plan.ts';
import { clusterSet, IP } from './nft.ts';

/** What comes in by the egress for a port that is forwarded goes to the client. */
export function destinationNatRules({ forwards, egress }: LocatedPlan): readonly string[] {
  return forwards.flatMap(({ protocol, port, targetPort, target }, index) =>
    target.addresses.map((address) => {
      const { family } = address;
      const text = formatAddress(address);
      const to = family === 'IPv4' ? `${text}:${targetPort}` : `[${text}]:${targetPort}`;
      return `iifname "${egress.interface}" meta nfproto ${family.toLowerCase()} fib daddr type local ${protocol.toLowerCase()} dport ${port} dnat ${IP[family]} to ${to} comment "spec.gateway.portForwards[${index}]"`;
    }),
  );
}

/** Who calls by the egress with an address of the network would have a client send to another client. */
export function spoofedSourceRules({ forwards, egress, subnets }: LocatedPlan): readonly string[] {
  if (forwards.length === 0) return [];
  return subnets.map(
    ({ family, cidr }) =>
      `iifname "${egress.interface}" ${IP[family]} saddr ${formatCidr(cidr)} counter drop comment "spoofed-client-source"`,
  );
}

/**
 * Callers whom the client would not answer by this router have an address of the router: those of the cluster's networks, whom it
 * answers around the gateway. Theirs is the gateway's, which routers that know of each other's connections share. Of several that do
 * not, the client answers by the one that holds the gateway's address, which need not be the one that was called: then all callers
 * have the router's own.
 */
export function sourceNatRules(plan: LocatedPlan): readonly string[] {
  const { forwards, subnets, failover } = plan;
  if (forwards.length === 0) return [];
  const called = `oifname "${OVERLAY_INTERFACE}" ct status dnat`;
  if (failover.type === 'VRRP' && !failover.synchronised) {
    return [`${called} masquerade comment "else another router gets the reply"`];
  }
  return subnets.map(
    ({ family, gateway }) =>
      `${called} ${IP[family]} saddr ${clusterSet(plan, family)} snat ${IP[family]} to ${formatAddress(gateway)} comment "else the reply goes around the gateway"`,
  );
}
