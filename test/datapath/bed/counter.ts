import { type Namespace, run } from '../../agent/namespace.ts';

/**
 * Which packets are counted: those that one of some nftables expressions matches, except for those
 * that another one does.
 */
export interface Counted {
  readonly matches: readonly string[];
  readonly except?: readonly string[];
}

let count = 0;

/**
 * Counts from now on what comes in by an interface, before anything else in the namespace sees it,
 * as long as the interface
 * exists. The name is that of its chain. Gives the number of packets.
 */
export function countIncoming(
  namespace: Namespace,
  device: string,
  { matches, except = [] }: Counted,
  name = `counter${count++}`,
): () => number {
  run(
    namespace,
    `nft delete chain netdev seen ${name} 2>/dev/null
     nft -f - <<'END'
table netdev seen {
	chain ${name} {
		type filter hook ingress device "${device}" priority 0; policy accept;
${except.map((match) => `\t\t${match} accept\n`).join('')}\
${matches.map((match) => `\t\t${match} counter accept\n`).join('')}\
	}
}
END`,
  );
  return () => countedBy(namespace, name);
}

/** What the counter of a name has counted. */
export function countedBy(namespace: Namespace, name: string): number {
  return countedPackets(run(namespace, `nft list chain netdev seen ${name}`));
}

/** The sum of the packets of all counters in a text of nftables. */
export function countedPackets(text: string): number {
  return [...text.matchAll(/counter packets (\d+)/g)].reduce((sum, [, packets]) => sum + Number(packets), 0);
}

/**
 * Notes from now on the sources of the IP packets that come in by an interface. Gives how many there were from each.
 */
export function countSources(namespace: Namespace, device: string): () => Readonly<Record<string, number>> {
  return countAddresses(namespace, device, 'saddr');
}

/** The same of their destinations. */
export function countDestinations(namespace: Namespace, device: string): () => Readonly<Record<string, number>> {
  return countAddresses(namespace, device, 'daddr');
}

function countAddresses(
  namespace: Namespace,
  device: string,
  end: 'saddr' | 'daddr',
): () => Readonly<Record<string, number>> {
  const name = `${end}${count++}`;
  run(
    namespace,
    `nft -f - <<'END'
table netdev seen {
	set ${name}_IPv4 { type ipv4_addr; flags dynamic; size 1024; counter; }
	set ${name}_IPv6 { type ipv6_addr; flags dynamic; size 1024; counter; }
	chain ${name} {
		type filter hook ingress device "${device}" priority 0; policy accept;
		update @${name}_IPv4 { ip ${end} }
		update @${name}_IPv6 { ip6 ${end} }
	}
}
END`,
  );
  return () => {
    const text = ['IPv4', 'IPv6']
      .map((family) => run(namespace, `nft list set netdev seen ${name}_${family}`))
      .join('');
    const elements = [...text.matchAll(/([\d.a-f:]+) counter packets (\d+)/g)];
    return Object.fromEntries(elements.map(([, address = '', packets]) => [address, Number(packets)]));
  };
}
