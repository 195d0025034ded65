// What the packet filter rules and the programs of a router agree on.

/** The mark of packets that a tunnel itself sends: "gwn" in ASCII. */
export const TUNNEL_MARK = '0x0067776e';

/** The mark of packets from an egress of the type Network, by which replies are routed back to it: "gwo" in ASCII. */
export const EGRESS_MARK = '0x67776f';

/** The UDP port on which routers share their connections (conntrackd's default). */
export const CONNECTION_SYNC_PORT = 3780;

/** The sets of a router's rules that count what each client has sent and received. */
export const TRAFFIC_SETS = {
  sent: { IPv4: 'sent4', IPv6: 'sent6' },
  received: { IPv4: 'received4', IPv6: 'received6' },
} as const;
