import { join, type Namespace, run, tryRun } from '../../agent/namespace.ts';
import { type Counted, countedBy, countIncoming } from './counter.ts';
import { createNamespace } from './namespace.ts';

/**
 * What is outside the nodes: a router named fabric with one port for each node, and beyond it the
 * host that stands for the
 * internet, and others where they are added. The fabric counts what arrives from each node for the
 * internet in plain sight, which
 * is to say outside any VXLAN.
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
  // Without an address of its own, a bridge takes another each time that it gets a port.
  run(
    fabric,
    `sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.bridge.bridge-nf-call-iptables=0 \
       net.bridge.bridge-nf-call-ip6tables=0 net.bridge.bridge-nf-call-arptables=0
     ip link add outside address 02:00:5e:00:00:01 type bridge mcast_snooping 0 && ip link set outside mtu ${mtu} up
     ip addr add 203.0.113.1/24 dev outside && ip addr add 2001:db8::1/64 dev outside nodad
     ip link add wire address 02:00:5e:00:00:02 type bridge mcast_snooping 0 && ip link set wire mtu ${mtu} up
     ip addr add 172.18.0.1/24 dev wire && ip addr add fd00:10:18::1/64 dev wire nodad`,
  );
  return { fabric, internet: addHost(fabric, mtu, 'internet', INTERNET), layout, mtu };
}

/** Makes a host beyond the fabric, with these addresses on its `eth0`. */
export function addHost(
  fabric: Namespace,
  mtu: number,
  port: string,
  addresses: { readonly IPv4: string; readonly IPv6: string },
): Namespace {
  const host = createNamespace();
  join(fabric, port, host, 'eth0');
  run(fabric, `ip link set ${port} mtu ${mtu} master outside`);
  run(
    host,
    `ip link set eth0 mtu ${mtu}
     ip addr add ${addresses.IPv4}/24 dev eth0 && ip addr add ${addresses.IPv6}/64 dev eth0 nodad
     ip route add default via 203.0.113.1 && ip -6 route add default via 2001:db8::1`,
  );
  return host;
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
     ${layout === 'SameSubnet' ? `ip link set ${port} master wire` : `ip addr add ${gateways.IPv4}/24 dev ${port} && ip addr add ${gateways.IPv6}/64 dev ${port} nodad`}`,
  );
  countIncoming(fabric, port, { matches: TO_INTERNET }, port);
  run(
    node,
    `ip link set eth0 mtu ${mtu}
     ip addr add ${addresses.IPv4}/24 dev eth0 && ip addr add ${addresses.IPv6}/64 dev eth0 nodad
     ip route add default via ${gateways.IPv4} && ip -6 route add default via ${gateways.IPv6}`,
  );
}

/** How many packets for the internet the fabric has got from a node. */
export function seenFrom({ fabric }: Underlay, number: number): number {
  return countedBy(fabric, `node${number}`);
}

/** Counts from now on what the fabric gets from a node, such as all but what belongs there. */
export function countOnWire({ fabric }: Underlay, number: number, counted: Counted): () => number {
  return countIncoming(fabric, `node${number}`, counted);
}

/**
 * Loses all that a node sends and all that is sent to it, as when its power fails; what it sends is
 * counted all the same.
 */
export function cutOff({ fabric }: Underlay, number: number): void {
  const port = `node${number}`;
  run(
    fabric,
    `nft -f - <<'END'
table netdev cut_${port} {
	chain from {
		type filter hook ingress device "${port}" priority 100; policy drop;
	}
	chain to {
		type filter hook egress device "${port}" priority 100; policy drop;
	}
}
END`,
  );
}

/** Ends {@link cutOff}. */
export function reconnect({ fabric }: Underlay, number: number): void {
  run(fabric, `nft delete table netdev cut_node${number}`);
}
