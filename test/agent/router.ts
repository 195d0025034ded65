import { createNamespace, join, type Namespace, run } from './namespace.ts';
import { createProgram, envText, type Program, type Values, writeConfig } from './program.ts';

/** A router pod: `net1` on the network, `eth0` to the rest, and what is at their other ends. */
export interface Router extends Program {
  readonly client: Namespace;
  readonly outside: Namespace;
}

/** What router.env has for a network of both families. */
export const ROUTER = {
  OVERLAY_INTERFACE: 'net1',
  EGRESS_INTERFACE: 'eth0',
  ADDRESSES: '192.168.50.1/24 fd00:50::1/64',
  FORWARDING: 'IPv4 IPv6',
} as const satisfies Values;

/** The rules of its router. */
export const RULES = `add table inet gateway
delete table inet gateway
table inet gateway {
	chain forward {
		type filter hook forward priority filter; policy drop;
		tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu
		iifname "eth0" oifname "net1" ct state established,related accept
		iifname "net1" oifname "eth0" ip saddr 192.168.50.0/24 accept
		iifname "net1" oifname "eth0" ip6 saddr fd00:50::/64 accept
	}
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "eth0" ip saddr 192.168.50.0/24 masquerade
		oifname "eth0" ip6 saddr fd00:50::/64 masquerade
	}
	chain input {
		type filter hook input priority filter; policy accept;
		iifname "net1" ct state established,related accept
		iifname "net1" meta l4proto { icmp, ipv6-icmp } accept
		iifname "net1" counter drop comment "the router serves nothing on the network"
	}
}
`;

/** Makes a router pod as CNI leaves it: addresses, default routes and forwarding are there, rules are not. */
export function createRouter(values: Values = {}, environment: Readonly<Record<string, string>> = {}): Router {
  const namespace = createNamespace();
  const client = createNamespace();
  const outside = createNamespace();
  join(namespace, 'net1', client, 'net1');
  join(namespace, 'eth0', outside, 'eth0');
  run(namespace, 'ip addr add 192.168.50.1/24 dev net1 && ip addr add fd00:50::1/64 dev net1 nodad');
  run(namespace, 'ip addr add 10.244.1.2/24 dev eth0 && ip addr add fd00:244::2/64 dev eth0 nodad');
  run(outside, 'ip addr add 10.244.1.1/24 dev eth0 && ip addr add fd00:244::1/64 dev eth0 nodad');
  run(namespace, 'ip route add default via 10.244.1.1 && ip route add default via fd00:244::1');
  run(namespace, 'echo 1 > /proc/sys/net/ipv4/ip_forward && echo 1 > /proc/sys/net/ipv6/conf/all/forwarding');
  run(client, 'ip addr add 192.168.50.20/24 dev net1 && ip addr add fd00:50::20/64 dev net1 nodad');
  run(client, 'ip route add 10.244.1.0/24 via 192.168.50.1 && ip route add fd00:244::/64 via fd00:50::1');
  const router = { ...createProgram({ namespace, script: 'router.sh', environment }), client, outside };
  writeConfig(router, 'router.env', envText({ ...ROUTER, ...values }));
  writeConfig(router, 'rules.nft', RULES);
  return router;
}
