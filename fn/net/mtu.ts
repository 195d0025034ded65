import type { Family } from './address.ts';

/**
 * What VXLAN adds to an IP packet, in bytes by the family of the nodes' addresses (RFC 7348 section 5):
 * IPv4 20 or IPv6 40, UDP 8, VXLAN 8 and the inner Ethernet header 14. The outer Ethernet header
 * is not counted, because
 * an MTU does not count it either.
 */
export const VXLAN_OVERHEAD: Readonly<Record<Family, number>> = {
  IPv4: 20 + 8 + 8 + 14,
  IPv6: 40 + 8 + 8 + 14,
};

/** The smallest MTU in bytes that a link of the family may have: RFC 791 section 3.2 and RFC 8200 section 5. */
export const MINIMUM_MTU: Readonly<Record<Family, number>> = { IPv4: 68, IPv6: 1280 };
