import { expect, test } from 'vitest';
import { resetRules } from '../../../fn/node/connections/reset-rules.ts';
import { NETWORK } from '../router/settings.ts';

test('a client, and nobody else, is told that a connection is lost', () => {
  expect(resetRules(NETWORK.config)).toBe(`add table inet gateway_connections
delete table inet gateway_connections
table inet gateway_connections {
	chain forward {
		type filter hook forward priority filter - 10; policy accept;
		iifname "net1" oifname "net2" ct state new tcp flags & (fin | syn | rst | ack) != syn counter reject with tcp reset comment "connection-of-former-router"
	}
}
`);
});
