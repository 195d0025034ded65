import type { NetworkPlan } from '../plan/network-plan.ts';

/**
 * Of the router's interface on another network, which is attached by a definition of the user's:
 * since it comes after ours, what is
 * said of `default` goes for it (kernel: ip-sysctl).
 *
 * Until the rules are loaded, IPv4 is kept out of the pod by the check of sources: it drops all
 * that comes in by an interface without
 * an address (net/ipv4/fib_frontend.c). Later the rules mark what comes in there, and what the
 * kernel answers has the same mark.
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
 * root, for both families.
 */
const PING = { 'net.ipv4.ping_group_range': '0 0' };

/**
 * What the tuning plugin sets beside what every router needs. IPv6 is left alone where it may be
 * switched off on the nodes.
 */
export function egressSysctls({ egress, subnets, healthCheck }: NetworkPlan): Readonly<Record<string, string>> {
  const isForeign = egress.type === 'Network';
  return {
    ...(isForeign && IPV4),
    ...(isForeign && subnets.some(({ family }) => family === 'IPv6') && IPV6),
    ...((healthCheck.length > 0 || subnets.some(({ family }) => family === 'IPv6')) && PING),
  };
}
