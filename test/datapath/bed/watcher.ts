import { type Namespace, run } from '../../agent/namespace.ts';
import { TO_INTERNET } from './underlay.ts';

/** Notes from now on the sources of what comes to a router for the internet, before anything changes them there. */
export function watchSources(router: Namespace): () => readonly string[] {
  run(
    router,
    `nft -f - <<END
table inet watch {
	set IPv4 { type ipv4_addr; flags dynamic; size 1024; }
	set IPv6 { type ipv6_addr; flags dynamic; size 1024; }
	chain prerouting {
		type filter hook prerouting priority -400; policy accept;
		iifname "net1" ${TO_INTERNET[0]} add @IPv4 { ip saddr }
		iifname "net1" ${TO_INTERNET[1]} add @IPv6 { ip6 saddr }
	}
}
END`,
  );
  return () =>
    ['IPv4', 'IPv6'].flatMap((set) => {
      const [, elements = ''] = /elements = \{([^}]*)\}/.exec(run(router, `nft list set inet watch ${set}`)) ?? [];
      return elements
        .split(',')
        .map((element) => element.trim())
        .filter(Boolean);
    });
}
