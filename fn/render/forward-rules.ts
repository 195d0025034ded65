import { formatAddress } from '../net/address.ts';
import { formatCidr } from '../net/cidr.ts';
import { OVERLAY_INTERFACE } from '../plan/gateway.ts';
import type { LocatedPlan } from '../plan/network-plan.ts';
import { inCluster, IP } from './nft.ts';

/** Packets that come in by the egress for a forwarded port go to the client. */
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

/** A packet from the egress with a source of the network would make a client reply to another client. */
export function spoofedSourceRules({ forwards, egress, subnets }: LocatedPlan): readonly string[] {
  if (forwards.length === 0) return [];
  return subnets.map(
    ({ family, cidr }) =>
      `iifname "${egress.interface}" ${IP[family]} saddr ${formatCidr(cidr)} counter drop comment "spoofed-client-source"`,
  );
}

/**
 * Source NAT for callers to whom the client would not reply through this router. Callers from the cluster's networks
 * get the gateway's address, else the client would reply around the gateway. Where several routers do not share
 * connections, the client would reply through the active one, which may not be this one: then all callers get this
 * router's own address.
 */
export function sourceNatRules(plan: LocatedPlan): readonly string[] {
  const { forwards, subnets, failover } = plan;
  if (forwards.length === 0) return [];
  const called = `oifname "${OVERLAY_INTERFACE}" ct status dnat`;
  if (failover.type === 'VRRP' && !failover.synchronised) {
    return [`${called} masquerade comment "else another router gets the reply"`];
  }
  return subnets.flatMap(({ family, gateway }) =>
    inCluster('saddr', plan, family).map(
      (match) =>
        `${called} ${match} snat ${IP[family]} to ${formatAddress(gateway)} comment "else the reply goes around the gateway"`,
    ),
  );
}
