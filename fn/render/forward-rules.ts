import { OVERLAY_INTERFACE } from '../plan/gateway.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { clusterSet, IP } from './nft.ts';

/** What comes in by the egress for a port that is forwarded goes to the client. */
export function destinationRules({ forwards, egress }: NetworkPlan): readonly string[] {
  return forwards.flatMap(({ protocol, port, targetPort, target }) =>
    target.type === 'Addresses'
      ? target.addresses.map(({ family, address }) => {
          const to = family === 'IPv4' ? `${address}:${targetPort}` : `[${address}]:${targetPort}`;
          return `iifname "${egress.interface}" meta nfproto ${family.toLowerCase()} fib daddr type local ${protocol.toLowerCase()} dport ${port} dnat ${IP[family]} to ${to}`;
        })
      : [],
  );
}

/** A client answers callers of the cluster's networks around the gateway, so they call it with the router's address on the network. */
export function callerRules(plan: NetworkPlan): readonly string[] {
  if (plan.forwards.length === 0) return [];
  return plan.subnets.map(
    ({ family }) =>
      `oifname "${OVERLAY_INTERFACE}" ct status dnat ${IP[family]} saddr ${clusterSet(plan, family)} masquerade comment "would be answered around the gateway"`,
  );
}
