import { type Namespace, run } from '../../agent/namespace.ts';
import { countedPackets } from './counter.ts';

/**
 * Counts from now on the packets that some expressions of nftables match and leave a pod by another interface than
 * that.
 */
export function countStrays(namespace: Namespace, device: string, matches: readonly string[]): () => number {
  run(
    namespace,
    `nft -f - <<'END'
table inet strays {
	chain postrouting {
		type filter hook postrouting priority 300; policy accept;
${matches.map((match) => `\t\toifname != "${device}" ${match} counter`).join('\n')}
	}
}
END`,
  );
  return () => countedPackets(run(namespace, 'nft list table inet strays'));
}
