/**
 * What a client's guard sends to by its primary interface, to learn whether the node holds it there: only the rules of
 * a node agent answer "port unreachable" for them. They are nobody's: the dummy address of IPv4 (RFC 7600, section
 * 4.8), and one of the discard-only prefix of IPv6 (RFC 6666).
 */
export const HELD_ADDRESSES = { IPv4: '192.0.0.8', IPv6: '100::8' } as const;
