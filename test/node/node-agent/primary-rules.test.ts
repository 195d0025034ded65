import { expect, test } from 'vitest';
import { limitedIn, primaryRules } from '../../../fn/node/node-agent/primary-rules.ts';
import { port } from './given.ts';

const PRIMARY = { interface: 'eth0', IPv4: ['10.0.0.0/8', '224.0.0.0/3'], IPv6: ['fe80::/10'], replies: false };
const LIMITS = {
  table: 'gwn_vpn_primary',
  primary: PRIMARY,
  subnets: ['192.168.50.0/24', 'fd00:50::/64'],
  tunnelPorts: [],
};
const LINKS = [port('cali1', { index: 7 }), port('cali2', { index: 9 })];

test('links are held to the destinations of the cluster', () => {
  expect(primaryRules(LIMITS, LINKS)).toBe(`add table netdev gwn_vpn_primary
delete table netdev gwn_vpn_primary
table netdev gwn_vpn_primary {
	chain ip_source {
		ip saddr 10.0.0.0/8 return
		ip saddr 224.0.0.0/3 return
		meta priority set 4799:2
	}
	chain ip_destination {
		ip daddr 10.0.0.0/8 return
		ip daddr 224.0.0.0/3 return
		counter drop comment "around-gateway"
	}
	chain ip6_source {
		ip6 saddr :: return
		ip6 saddr fe80::/10 return
		meta priority set 4799:2
	}
	chain ip6_destination {
		ip6 daddr fe80::/10 return
		counter drop comment "around-gateway"
	}
	chain from_client {
		iif != { 7, 9 } accept comment "another link"
		ether type != { arp, ip, ip6 } counter drop comment "wrong-ether-type"
		ip daddr 192.0.0.8 meta priority set 4799:3 accept
		ip6 daddr 100::8 meta priority set 4799:3 accept
		meta l4proto { 4, 41, 47 } counter drop comment "encapsulated"
		exthdr rt exists counter drop comment "encapsulated"
		ip daddr 192.168.50.0/24 counter drop comment "around-gateway"
		ether type ip jump ip_source
		ether type ip jump ip_destination
		ip6 daddr fd00:50::/64 counter drop comment "around-gateway"
		ether type ip6 jump ip6_source
		ether type ip6 jump ip6_destination
	}
	chain ingress_0 {
		type filter hook ingress devices = { "cali1", "cali2" } priority filter; policy accept;
		jump from_client
	}
}
add table inet gwn_vpn_primary
delete table inet gwn_vpn_primary
add table bridge gwn_vpn_primary
delete table bridge gwn_vpn_primary
table inet gwn_vpn_primary {
	chain prerouting {
		type filter hook prerouting priority mangle; policy accept;
		meta priority { 4799:2, 4799:3 } fib saddr . iif oif missing counter drop comment "around-gateway"
		meta priority 4799:2 meta priority set none
		meta priority 4799:3 reject with icmpx port-unreachable
	}
}
table bridge gwn_vpn_primary {
	chain forward {
		type filter hook forward priority filter; policy accept;
		meta priority { 4799:1, 4799:2, 4799:3 } counter drop comment "around-gateway"
	}
}
`);
});

test("nothing is sent into the node's tunnels", () => {
  expect(primaryRules({ ...LIMITS, tunnelPorts: [4799, 8472] }, LINKS)).toContain(
    'udp dport { 4799, 8472 } counter drop comment "encapsulated"\n',
  );
});

test('replies pass where clients may reply, by a second chain that knows connections', () => {
  const text = primaryRules({ ...LIMITS, primary: { ...PRIMARY, replies: true } }, LINKS);
  expect(text).toContain('ip daddr 224.0.0.0/3 return\n\t\tmeta priority set 4799:1\n');
  expect(text).toContain('ip daddr 192.168.50.0/24 counter drop');
  expect(text).toContain(`table inet gwn_vpn_primary {
	chain prerouting {
		type filter hook prerouting priority mangle; policy accept;
		meta priority { 4799:1, 4799:2 } ct direction reply meta priority set none accept
		meta priority 4799:1 counter drop comment "around-gateway"
		meta priority { 4799:2, 4799:3 } fib saddr . iif oif missing counter drop comment "around-gateway"
		meta priority 4799:2 meta priority set none
		meta priority 4799:3 reject with icmpx port-unreachable
	}
}
`);
});

test('a family that may leave is not limited', () => {
  const { IPv6: _, ...primary } = PRIMARY;
  expect(primaryRules({ ...LIMITS, primary, subnets: ['192.168.50.0/24'] }, LINKS)).not.toMatch(/ip6_|ip6 daddr fd/);
});

test('without a link there is no hook, and with hundreds there are several chains', () => {
  expect(primaryRules(LIMITS, [])).not.toContain('hook');
  const many = Array.from({ length: 500 }, (_, index) => port(`veth${index}`, { index: index + 2 }));
  const text = primaryRules(LIMITS, many);
  const chains = text.matchAll(/chain (ingress_\d) {\n.*devices = { (.*) } priority.*\n\t\tjump from_client/g);
  const counts = Array.from(chains, ([, name, devices]) => [name, devices?.split(', ').length]);
  expect(counts).toEqual([
    ['ingress_0', 200],
    ['ingress_1', 200],
    ['ingress_2', 100],
  ]);
  expect(/iif != { (.*) }/.exec(text)?.[1]?.split(', ')).toEqual(many.map(({ index }) => String(index)));
});

test('a listing tells which links are limited, of those that are there', () => {
  const listing = `table netdev gwn_vpn_primary {
	chain from_client {
		iif != { "cali1", 8, "cali3" } accept comment "another link"
		ip daddr != 10.0.0.0/8 counter packets 0 bytes 0 drop comment "around-gateway"
	}

	chain ingress_0 {
		type filter hook ingress devices = { cali1, cali2, cali3 } priority filter; policy accept;
		jump from_client
	}
}`;
  expect(limitedIn(listing)).toEqual(['cali1', 'cali3']);
  expect(limitedIn(listing.replace('{ "cali1", 8, "cali3" }', '"cali4"'))).toEqual(['cali4']);
  expect(limitedIn('')).toEqual([]);
});
