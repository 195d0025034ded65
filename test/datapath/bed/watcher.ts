import { type Namespace, run } from '../../agent/namespace.ts';
import { TO_INTERNET } from './underlay.ts';

/**
 * Notes from now on the sources of what comes by the network and matches, by default for the
 * internet, before anything changes them there.
 */
export function watchSources(
  namespace: Namespace,
  [IPv4, IPv6]: readonly [string, string] = TO_INTERNET,
): () => readonly string[] {
  run(
    namespace,
    `nft -f - <<END
table inet watch {
	set IPv4 { type ipv4_addr; flags dynamic; size 1024; }
	set IPv6 { type ipv6_addr; flags dynamic; size 1024; }
	chain prerouting {
		type filter hook prerouting priority -400; policy accept;
		iifname "net1" ${IPv4} add @IPv4 { ip saddr }
		iifname "net1" ${IPv6} add @IPv6 { ip6 saddr }
	}
}
END`,
  );
  return () =>
    ['IPv4', 'IPv6'].flatMap((set) => {
      const [, elements = ''] = /elements = \{([^}]*)\}/.exec(run(namespace, `nft list set inet watch ${set}`)) ?? [];
      return elements
        .split(',')
        .map((element) => element.trim())
        .filter(Boolean);
    });
}
