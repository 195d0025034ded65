import { type Family, formatAddress } from '../net/address.ts';
import { formatCidr } from '../net/cidr.ts';
import { OVERLAY_INTERFACE } from '../plan/gateway.ts';
import type { LocatedPlan, NetworkPlan } from '../plan/network-plan.ts';
import { firewallRules } from './firewall-rules.ts';
import { sourceNatRules, destinationNatRules, spoofedSourceRules } from './forward-rules.ts';
import { chain, clusterSet, IP, set } from './nft.ts';
import { EGRESS_MARK, inputRules, outputRules } from './router-own-rules.ts';

/** Sources that IPv6 hosts of the network have besides their own: link-local and unspecified (RFC 4291, RFC 4862). */
const LINK_LOCAL = ['fe80::/10', '::'];

/**
 * The nftables rules of a router, as `nft -f` takes them. Nothing is forwarded but the clients'
 * traffic from the network to
 * the interface of the egress and its replies; what clients reach without the gateway is not forwarded at all.
 *
 * Where the egress is not the primary network, {@link outputRules} limit what the router itself sends there.
 */
export function routerRules(plan: LocatedPlan): string {
  const egress = plan.egress.interface;
  const firewall = firewallRules(plan, 'To');
  const answers = firewallRules(plan, 'From');
  const destinations = destinationNatRules(plan);
  const output = outputRules(plan);
  const chains = [
    chain('prerouting', 'filter hook prerouting priority raw; policy accept', [
      ...(plan.egress.type === 'Network' ? [`iifname "${egress}" meta mark set ${EGRESS_MARK}`] : []),
      ...plan.subnets.map(
        ({ family, cidr }) =>
          `iifname "${OVERLAY_INTERFACE}" ${IP[family]} saddr != ${sources(family, formatCidr(cidr))} counter drop comment "foreign-source"`,
      ),
      ...spoofedSourceRules(plan),
    ]),
    ...(destinations.length > 0
      ? [chain('destination', 'nat hook prerouting priority dstnat; policy accept', destinations)]
      : []),
    ...(firewall.length > 0 ? [chain('firewall', undefined, firewall), chain('answers', undefined, answers)] : []),
    chain('forward', 'filter hook forward priority filter; policy drop', forwardRules(plan, firewall.length > 0)),
    chain('postrouting', 'nat hook postrouting priority srcnat; policy accept', [
      ...plan.subnets.map(
        ({ family, cidr }) =>
          `oifname "${egress}" ${IP[family]} saddr ${formatCidr(cidr)} ${translation(plan, family)}`,
      ),
      ...sourceNatRules(plan),
    ]),
    chain('input', 'filter hook input priority filter; policy accept', inputRules(plan)),
    ...(output.length > 0 ? [chain('output', 'filter hook output priority filter; policy drop', output)] : []),
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
 */
function forwardRules(plan: NetworkPlan, hasFirewall: boolean): readonly string[] {
  const { subnets, forwards, failover } = plan;
  const egress = plan.egress.interface;
  const out = `iifname "${OVERLAY_INTERFACE}" oifname "${egress}"`;
  const back = `iifname "${egress}" oifname "${OVERLAY_INTERFACE}"`;
  const forwarded = [
    `${back} ct status dnat accept comment "to a forwarded port"`,
    `${out} ct direction reply accept comment "replies of a forwarded port"`,
  ];
  const guard = `${out} ct state new tcp flags & (fin | syn | rst | ack) != syn counter drop comment "connection-of-other-router"`;
  return [
    `ct state invalid counter drop comment "invalid-forwarded"`,
    'tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu',
    ...(forwards.length > 0 ? forwarded : []),
    ...(hasFirewall
      ? [`${back} ct state related accept`, `${back} ct state established jump answers`]
      : [`${back} ct state established,related accept`]),
    ...subnets.map(
      ({ family }) =>
        `iifname "${OVERLAY_INTERFACE}" ${IP[family]} daddr ${clusterSet(plan, family)} counter drop comment "cluster-destination"`,
    ),
    ...(failover.type === 'VRRP' && failover.synchronised ? [guard] : []),
    ...subnets.map(
      ({ family, cidr }) =>
        `${out} ${IP[family]} saddr ${formatCidr(cidr)} ${hasFirewall ? 'jump firewall' : 'accept'}`,
    ),
    'counter drop comment "not-forwarded"',
  ];
}

/** Source NAT to the shared address, else to the address of the interface. */
function translation({ egress }: NetworkPlan, family: Family): string {
  const shared = egress.type === 'Network' ? egress.snatAddresses.find((entry) => entry.family === family) : undefined;
  return shared === undefined ? 'masquerade' : `snat ${IP[family]} to ${formatAddress(shared)}`;
}

function sources(family: Family, cidr: string): string {
  return family === 'IPv4' ? cidr : set([cidr, ...LINK_LOCAL]);
}
