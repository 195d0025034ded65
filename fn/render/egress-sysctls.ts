import type { NetworkPlan } from '../plan/network-plan.ts';

/**
 * Sysctls for the router's interface on the network of the egress. The user's NetworkAttachmentDefinition creates that
 * interface after ours, so it inherits the values of `default` (kernel: ip-sysctl).
 *
 * Until the rules are loaded, the source check keeps IPv4 out of the pod: it drops every packet that arrives on an
 * interface without an address (net/ipv4/fib_frontend.c). Later the rules mark packets that arrive there, and the
 * kernel's replies carry the same mark.
 */
const IPV4 = {
  'net.ipv4.conf.all.rp_filter': '2',
  'net.ipv4.fwmark_reflect': '1',
  // It answers only for its addresses on that interface, and announces no others.
  'net.ipv4.conf.default.arp_ignore': '1',
  'net.ipv4.conf.default.arp_announce': '2',
  'net.ipv4.conf.default.accept_redirects': '0',
  'net.ipv4.conf.default.send_redirects': '0',
  // The router announces its addresses when it sets its MAC.
  'net.ipv4.conf.default.arp_notify': '1',
};

/**
 * A pod that forwards takes neither routes nor redirects from others (accept_ra 1 would do, but the
 * host may pass on a 2).
 */
const IPV6 = {
  'net.ipv6.fwmark_reflect': '1',
  'net.ipv6.conf.default.accept_ra': '0',
  'net.ipv6.conf.default.accept_redirects': '0',
  'net.ipv6.conf.default.ndisc_notify': '1',
  'net.ipv6.conf.default.accept_dad': '0',
};

/**
 * Who may send echo requests by a socket that needs no privilege (kernel: ip-sysctl): the group of
 * root, for both families. A running router may be told at any time to check what is outside.
 */
const PING = { 'net.ipv4.ping_group_range': '0 0' };

/**
 * What the tuning plugin sets beside what every router needs. IPv6 is left alone where it may be
 * switched off on the nodes.
 */
export function egressSysctls({ egress, subnets }: NetworkPlan): Readonly<Record<string, string>> {
  const isForeign = egress.type === 'Network';
  return {
    ...(isForeign && IPV4),
    ...(isForeign && subnets.some(({ family }) => family === 'IPv6') && IPV6),
    ...PING,
  };
}
