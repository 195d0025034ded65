import { addressOf, isIPv6 } from '../routers/own-router.ts';
import type { Settings } from './settings.ts';

/**
 * Where a router tells other instances of it that it is there: groups for experiments, in which nobody is (RFC 4727).
 */
export const GROUPS = { IPv4: '224.0.0.254', IPv6: 'ff02::114' } as const;

/** How often other instances of this router have told that they are there, since the rules were loaded. */
export interface Heard {
  readonly younger: number;
  readonly older: number;
}

/**
 * Rules that count what other instances of this router tell. It comes from the router's own address, so that the kernel
 * drops it; the stamp of who has sent it is behind the 8 bytes of the ICMP header.
 */
export function listeningRules({ own, overlay }: Settings, stamp: string): string {
  const address = addressOf(own);
  const told = isIPv6(address)
    ? `ip6 saddr ${address} ip6 daddr ${GROUPS.IPv6} icmpv6 type echo-request`
    : `ip saddr ${address} ip daddr ${GROUPS.IPv4} icmp type echo-request`;
  return `add table inet gateway_instances
delete table inet gateway_instances
table inet gateway_instances {
	chain prerouting {
		type filter hook prerouting priority raw - 10; policy accept;
		iifname "${overlay}" ${told} @th,64,64 > 0x${stamp} counter comment "younger"
		iifname "${overlay}" ${told} @th,64,64 < 0x${stamp} counter comment "older"
	}
}
`;
}

/** Reads what nft prints of those rules; nothing where they are not there. */
export function parseHeard(text: string | undefined): Heard | undefined {
  const count = (comment: string) => new RegExp(`counter packets (\\d+) .*comment "${comment}"`).exec(text ?? '')?.[1];
  const [younger, older] = [count('younger'), count('older')];
  return younger === undefined || older === undefined ? undefined : { younger: Number(younger), older: Number(older) };
}

/**
 * Who asks whether an address is free has none (RFC 5227, section 2.1.1), but the kernel takes any that the pod has.
 */
export function askingRules({ overlay }: Settings): string {
  return `add table arp gateway_question
delete table arp gateway_question
table arp gateway_question {
	chain output {
		type filter hook output priority filter; policy accept;
		oifname "${overlay}" arp operation request arp saddr ip set 0.0.0.0
	}
}
`;
}

/** The command by which an instance tells the others once a second, as long as it runs, that it is there. */
export function tellingCommand({ own, overlay }: Settings, stamp: string): readonly string[] {
  const address = addressOf(own);
  const ways = isIPv6(address)
    ? ['-I', address, `${GROUPS.IPv6}%${overlay}`]
    : ['-I', address, '-I', overlay, GROUPS.IPv4];
  return ['ping', '-n', '-q', '-i', '1', '-s', String(stamp.length / 2), '-p', stamp, ...ways];
}
