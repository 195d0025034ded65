import type { RouterConfig } from '../config/router-config.ts';

/** The table of the rules; nothing else is in it. */
export const TABLE = 'inet gateway_connections';

/**
 * Rules by which a client is told that a connection is lost: one that this router does not know after the other has
 * handed over what it knew. They come before those of the router, which drop what may be handed over yet.
 */
export function resetRules({ interface: overlay, egress }: RouterConfig): string {
  return `add table ${TABLE}
delete table ${TABLE}
table ${TABLE} {
	chain forward {
		type filter hook forward priority filter - 10; policy accept;
		iifname "${overlay}" oifname "${egress.interface}" ct state new tcp flags & (fin | syn | rst | ack) != syn counter reject with tcp reset comment "connection-of-former-router"
	}
}
`;
}
