import { type Namespace, run } from '../../agent/namespace.ts';
import { countedPackets } from './counter.ts';

let tables = 0;

/**
 * Counts from now on the packets that some expressions of nftables match and leave a pod by another interface than
 * that.
 */
export function countStrays(namespace: Namespace, device: string, matches: readonly string[]): () => number {
  const table = `inet strays-${tables++}`;
  run(
    namespace,
    `nft -f - <<'END'
table ${table} {
	chain postrouting {
		type filter hook postrouting priority 300; policy accept;
${matches.map((match) => `\t\toifname != "${device}" ${match} counter`).join('\n')}
	}
}
END`,
  );
  return () => countedPackets(run(namespace, `nft list table ${table}`));
}
