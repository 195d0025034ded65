import { run } from '../../agent/namespace.ts';
import type { Underlay } from './underlay.ts';

/**
 * Which packets there were, such as `172.18.0.11 . 203.0.113.10 . udp`: source, destination and
 * protocol; and how many of each.
 */
export type Packets = Readonly<Record<string, number>>;

/**
 * Notes from now on every IP packet that the fabric gets from a node, except for those that one of
 * some nftables expressions matches.
 */
export function watchWire({ fabric }: Underlay, number: number, except: readonly string[]): () => Packets {
  const table = `wire${number}`;
  run(
    fabric,
    `nft -f - <<'END'
table netdev ${table} {
	set IPv4 { type ipv4_addr . ipv4_addr . inet_proto; flags dynamic; size 1024; counter; }
	set IPv6 { type ipv6_addr . ipv6_addr . inet_proto; flags dynamic; size 1024; counter; }
	chain ingress {
		type filter hook ingress device "node${number}" priority 0; policy accept;
${except.map((match) => `\t\t${match} accept\n`).join('')}\
		update @IPv4 { ip saddr . ip daddr . meta l4proto }
		update @IPv6 { ip6 saddr . ip6 daddr . meta l4proto }
	}
}
END`,
  );
  return () => {
    const text = ['IPv4', 'IPv6'].map((set) => run(fabric, `nft list set netdev ${table} ${set}`)).join('');
    const elements = [...text.matchAll(/([\d.a-f:]+ \. [\d.a-f:]+ \. \S+) counter packets (\d+)/g)];
    return Object.fromEntries(elements.map(([, packet = '', count]) => [packet, Number(count)]));
  };
}
