import { type Family, formatAddress } from '../net/address.ts';
import { formatCidr } from '../net/cidr.ts';
import { EGRESS_MARK } from '../node/config/packets.ts';
import { OVERLAY_INTERFACE } from '../plan/gateway.ts';
import type { LocatedPlan, NetworkPlan } from '../plan/network-plan.ts';
import { firewallChains } from './firewall-rules.ts';
import { sourceNatRules, destinationNatRules, spoofedSourceRules } from './forward-rules.ts';
import { chain, fromNoneOf, inCluster, IP, NO_NETWORKS_OWN } from './nft.ts';
import { trafficRules } from './traffic-rules.ts';
import { inputRules, outputChains } from './router-own-rules.ts';

/**
 * The nftables rules of a router, as `nft -f` takes them. Nothing is forwarded but the clients'
 * traffic from the network to
 * the interface of the egress and its replies; what clients reach without the gateway is not forwarded at all.
 *
 * Where the egress is not the primary network, {@link outputChains} limit what the router itself sends there.
 */
export function routerRules(plan: LocatedPlan): string {
  const egress = plan.egress.interface;
  const firewall = firewallChains(plan, 'To');
  const destinations = destinationNatRules(plan);
  const chains = [
    chain('prerouting', 'filter hook prerouting priority raw; policy accept', [
      ...(plan.egress.type === 'Network' ? [`iifname "${egress}" meta mark set ${EGRESS_MARK}`] : []),
      ...plan.subnets.map(
        ({ family, cidr }) =>
          `iifname "${OVERLAY_INTERFACE}" ${foreign(family, formatCidr(cidr))} counter drop comment "foreign-source"`,
      ),
      ...spoofedSourceRules(plan),
    ]),
    ...(destinations.length > 0
      ? [chain('destination', 'nat hook prerouting priority dstnat; policy accept', destinations)]
      : []),
    ...firewall,
    ...firewallChains(plan, 'From'),
    chain('forward', 'filter hook forward priority filter; policy drop', forwardRules(plan, firewall.length > 0)),
    ...trafficRules(plan),
    chain('postrouting', 'nat hook postrouting priority srcnat; policy accept', [
      ...plan.subnets.map(
        ({ family, cidr }) =>
          `oifname "${egress}" ${IP[family]} saddr ${formatCidr(cidr)} ${translation(plan, family)}`,
      ),
      ...sourceNatRules(plan),
    ]),
    chain('input', 'filter hook input priority filter; policy accept', inputRules(plan)),
    ...outputChains(plan),
  ];
  return `add table inet gateway\ndelete table inet gateway\ntable inet gateway {\n${chains.join('')}}\n`;
}

/**
 * - The segment size is set to what fits both ways: `rt mtu` is the lesser of the routes to either
 * end, in SYN and in SYN-ACK.
 * - Packets that connection tracking finds invalid would leave with the client's own address.
 * Coming back, they keep the
 *   router's, which would answer with a reset: one packet out of its window would end the connection.
 * - Related packets are errors about packets of a connection, from any hop on the path.
 * - A connection may arrive from the other router later than its packets. These must not open a
 * new connection, which could get another port.
 * - Where the address outside was of a router that is gone, a connection of its time is lost: whoever is behind may not
 * say so, and a client that hears nothing would wait for long. Only clients are told, nobody outside.
 */
function forwardRules(plan: NetworkPlan, hasFirewall: boolean): readonly string[] {
  const { subnets, forwards } = plan;
  const egress = plan.egress.interface;
  const out = `iifname "${OVERLAY_INTERFACE}" oifname "${egress}"`;
  const back = `iifname "${egress}" oifname "${OVERLAY_INTERFACE}"`;
  const forwarded = [
    `${back} ct status dnat accept comment "to a forwarded port"`,
    `${out} ct direction reply accept comment "replies of a forwarded port"`,
  ];
  const unknown = `${out} ct state new tcp flags & (fin | syn | rst | ack) != syn`;
  return [
    `ct state invalid counter drop comment "invalid-forwarded"`,
    'tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu',
    ...(forwards.length > 0 ? forwarded : []),
    ...(hasFirewall
      ? [`${back} ct state related accept`, `${back} ct state established jump answers`]
      : [`${back} ct state established,related accept`]),
    ...subnets
      .flatMap(({ family }) => inCluster('daddr', plan, family))
      .map((match) => `iifname "${OVERLAY_INTERFACE}" ${match} counter drop comment "cluster-destination"`),
    ...ofFormerRouters(plan).map((verdict) => `${unknown} ${verdict}`),
    ...subnets.map(
      ({ family, cidr }) =>
        `${out} ${IP[family]} saddr ${formatCidr(cidr)} ${hasFirewall ? 'jump firewall' : 'accept'}`,
    ),
    'counter drop comment "not-forwarded"',
  ];
}

/**
 * What becomes of packets in the middle of a connection that this router does not know. Where another has the address
 * outside after it, they begin it anew, which may go on.
 */
function ofFormerRouters({ egress, failover }: NetworkPlan): readonly string[] {
  if (failover.type === 'VRRP' && failover.synchronised) return ['counter drop comment "connection-of-other-router"'];
  if (failover.type === 'None' && egress.type !== 'ClusterNetwork') return [];
  return ['counter reject with tcp reset comment "connection-of-former-router"'];
}

/** Source NAT to the shared address, else to the address of the interface. */
function translation({ egress }: NetworkPlan, family: Family): string {
  const shared = egress.type === 'Network' ? egress.snatAddresses.find((entry) => entry.family === family) : undefined;
  return shared === undefined ? 'masquerade' : `snat ${IP[family]} to ${formatAddress(shared)}`;
}

function foreign(family: Family, cidr: string): string {
  return fromNoneOf(family === 'IPv4' ? [cidr] : [cidr, ...NO_NETWORKS_OWN], family);
}
