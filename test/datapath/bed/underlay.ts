import { join, type Namespace, run, tryRun } from '../../agent/namespace.ts';
import { createNamespace } from './namespace.ts';

/**
 * What is outside the nodes: a router named fabric with one port for each node, and behind it the host that stands for the
 * internet. The fabric counts what arrives from each node for the internet in plain sight, which is to say outside any VXLAN.
 */
export interface Underlay {
  readonly fabric: Namespace;
  readonly internet: Namespace;
  /** `SameSubnet`: the nodes share a layer 2. `Routed`: each is in a subnet of its own. */
  readonly layout: 'SameSubnet' | 'Routed';
  /** The largest IP packet between nodes, in bytes. */
  readonly mtu: number;
}

/** The addresses of the host that stands for the internet, from the documentation ranges (RFC 5737, RFC 3849). */
export const INTERNET = { IPv4: '203.0.113.10', IPv6: '2001:db8::10' } as const;

/** How nftables matches what goes there. */
export const TO_INTERNET = ['ip daddr 203.0.113.0/24', 'ip6 daddr 2001:db8::/32'] as const;

/** A node's place on the underlay. */
export interface Location {
  readonly addresses: { readonly IPv4: string; readonly IPv6: string };
  readonly gateways: { readonly IPv4: string; readonly IPv6: string };
}

export function createUnderlay(layout: Underlay['layout'], mtu: number): Underlay {
  const fabric = createNamespace();
  const internet = createNamespace();
  join(fabric, 'internet', internet, 'eth0');
  run(
    fabric,
    `sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.bridge.bridge-nf-call-iptables=0 \
       net.bridge.bridge-nf-call-ip6tables=0 net.bridge.bridge-nf-call-arptables=0
     ip addr add 203.0.113.1/24 dev internet && ip addr add 2001:db8::1/64 dev internet nodad
     ip link set internet mtu ${mtu}
     ip link add wire type bridge mcast_snooping 0 && ip link set wire mtu ${mtu} up
     ip addr add 172.18.0.1/24 dev wire && ip addr add fd00:10:18::1/64 dev wire nodad`,
  );
  run(
    internet,
    `ip link set eth0 mtu ${mtu}
     ip addr add ${INTERNET.IPv4}/24 dev eth0 && ip addr add ${INTERNET.IPv6}/64 dev eth0 nodad
     ip route add default via 203.0.113.1 && ip -6 route add default via 2001:db8::1`,
  );
  return { fabric, internet, layout, mtu };
}

/** Where the node of a number is, counted from 1. */
export function locate({ layout }: Underlay, number: number): Location {
  const net = layout === 'SameSubnet' ? 0 : number;
  return {
    addresses: { IPv4: `172.18.${net}.${10 + number}`, IPv6: `fd00:10:18:${net}::${10 + number}` },
    gateways: { IPv4: `172.18.${net}.1`, IPv6: `fd00:10:18:${net}::1` },
  };
}

/** Plugs a node's `eth0` into the port `node<number>`. */
export function plug(underlay: Underlay, node: Namespace, number: number): void {
  const { fabric, layout, mtu } = underlay;
  const { addresses, gateways } = locate(underlay, number);
  const port = `node${number}`;
  // The kernel takes its time to remove what a node had before it was started again.
  tryRun(fabric, `ip link del ${port}`);
  join(node, 'eth0', fabric, port);
  run(
    fabric,
    `ip link set ${port} mtu ${mtu}
     ${layout === 'SameSubnet' ? `ip link set ${port} master wire` : `ip addr add ${gateways.IPv4}/24 dev ${port} && ip addr add ${gateways.IPv6}/64 dev ${port} nodad`}
     nft delete chain netdev seen ${port} 2>/dev/null
     nft -f - <<END
table netdev seen {
	chain ${port} {
		type filter hook ingress device "${port}" priority 0; policy accept;
${TO_INTERNET.map((match) => `\t\t${match} counter`).join('\n')}
	}
}
END`,
  );
  run(
    node,
    `ip link set eth0 mtu ${mtu}
     ip addr add ${addresses.IPv4}/24 dev eth0 && ip addr add ${addresses.IPv6}/64 dev eth0 nodad
     ip route add default via ${gateways.IPv4} && ip -6 route add default via ${gateways.IPv6}`,
  );
}

/** How many packets for the internet the fabric has got from a node. */
export function seenFrom({ fabric }: Underlay, number: number): number {
  return countedPackets(run(fabric, `nft list chain netdev seen node${number}`));
}

/** The sum of the packets of all counters in a text of nftables. */
export function countedPackets(text: string): number {
  return [...text.matchAll(/counter packets (\d+)/g)].reduce((sum, [, packets]) => sum + Number(packets), 0);
}
