import { expect, test } from 'vitest';
import { parseTraffic } from '../../../fn/node/router/traffic.ts';

test('what nft 1.1.3 lists is read: bytes of each client, and drops', () => {
  const listing = `table inet gateway {
	set sent4 {
		type ipv4_addr
		size 237
		flags dynamic,timeout
		timeout 1h
		elements = { 192.168.50.20 counter packets 3 bytes 252 expires 59m59s992ms,
			     192.168.50.21 counter packets 1 bytes 84 expires 59m59s992ms }
	}

	set received4 {
		type ipv4_addr
		size 237
		flags dynamic,timeout
		timeout 1h
		elements = { 192.168.50.20 timeout 1h expires 59m59s counter packets 2 bytes 168 }
	}

	set sent6 {
		type ipv6_addr
		size 1000
		flags dynamic,timeout
		timeout 1h
		elements = { fd00:50::20 counter packets 2 bytes 208 expires 59m59s996ms }
	}

	set received6 {
		type ipv6_addr
		size 1000
		flags dynamic,timeout
		timeout 1h
	}

	chain input {
		type filter hook input priority filter; policy accept;
		iifname "net1" counter packets 7 bytes 420 drop comment "to-router"
	}

	chain forward {
		counter packets 2 bytes 80 reject with tcp reset comment "connection-of-former-router"
	}
}
`;
  expect(parseTraffic(listing)).toEqual({
    sent: [
      { client: '192.168.50.20', bytes: 252 },
      { client: '192.168.50.21', bytes: 84 },
      { client: 'fd00:50::20', bytes: 208 },
    ],
    received: [{ client: '192.168.50.20', bytes: 168 }],
    drops: new Map([
      ['to-router', 7],
      ['connection-of-former-router', 2],
    ]),
  });
});

test('a router without rules has counted nothing', () => {
  expect(parseTraffic('')).toEqual({ sent: [], received: [], drops: new Map() });
});
