import { parseAddress } from '../../net/address.ts';
import type { Overlay } from '../config/agent-config.ts';
import { without } from './peers.ts';
import type { Underlay } from './underlay.ts';

// Whose VXLAN packets this node takes. VXLAN has no authentication (RFC 7348, section 7): the kernel takes frames, and
// learns where a MAC address is, from whoever sends them. So rules let in what comes by the underlay and from a peer,
// before there is a VXLAN and before anything is sent to that peer.

/** The sources that packets are taken from: addresses and networks, or all. */
export type Allowed = 'any' | readonly string[];

/** A route as `ip -j route show` has it. */
export interface Route {
  readonly dst?: string;
  readonly gateway?: string;
  readonly via?: unknown;
}

/** The networks that the underlay is on. */
export function networksOf(routes: readonly Route[]): readonly string[] {
  const found = routes.flatMap(({ dst = '', gateway, via }) =>
    /[.:]/.test(dst) && !dst.startsWith('fe80:') && gateway === undefined && via === undefined ? [dst] : [],
  );
  return [...new Set(found)].toSorted();
}

/** Those who were let in, are no peers any more, and are still sent to: they stay as long as that. */
export function leaversOf(
  before: Allowed,
  wanted: readonly string[],
  actual: () => readonly string[],
): readonly string[] {
  const gone = before === 'any' ? [] : without(before, wanted);
  return gone.length === 0 ? [] : without(gone, without(gone, actual()));
}

/** What the guard is about. */
export interface Guarded {
  readonly table: string;
  readonly overlay: Overlay;
  readonly underlay: Underlay;
  readonly hostIp: string;
  readonly allowed: Allowed;
}

/**
 * The rules. Networks share the port, so a rule looks at the VNI as well, 12 bytes behind the start of the UDP header
 * (RFC 7348, section 5). That the rules ask for connections has the kernel put fragments together before them, else a
 * packet would hide its VNI from them.
 *
 * The kernel does not ask by which interface a fragment has come: one of a pod with a node's address would be put
 * together with others that come from that node. And two packets of pods that leave as fragments may be mixed up on
 * their way, so what goes to a node's port is dropped whatever its VNI.
 *
 * A Service, or whoever routes by this node, could use its address and its place: what was translated is not taken, and
 * not passed on.
 */
export function guardRules({ table, overlay, underlay, hostIp, allowed }: Guarded): string {
  const { device, source } = underlay;
  const [ip, fragment] =
    overlay.family === 'IPv4' ? ['ip', 'ip frag-off & 0x3fff != 0'] : ['ip6', 'exthdr frag exists'];
  const about = `udp dport ${overlay.port} @th,96,24 ${overlay.vni}`;
  const isOther = parseAddress(hostIp)?.family === overlay.family && hostIp !== source;
  const ours = isOther ? `${source}, ${hostIp}` : source;
  const notNodes = `${ip} saddr { ${ours} } ct original ${ip} saddr != { ${ours} }`;
  const nodes = (field: 'saddr' | 'daddr', rest: string) => nodeRules(`${ip} ${field}`, allowed, rest);
  return `add table inet ${table}
delete table inet ${table}
table inet ${table} {
	chain fragments {
		type filter hook prerouting priority -450; policy accept;
		iifname { "${device}", "lo" } accept
${nodes('saddr', `${fragment} counter drop comment "fragment-outside-underlay"`)}\
	}
	chain guard {
		iifname != "${device}" counter drop comment "vxlan-outside-underlay"
		ct status snat,dnat counter drop comment "vxlan-translated"
${nodes('saddr', 'accept')}\
		${allowed === 'any' ? 'accept' : 'counter drop comment "vxlan-from-unknown-host"'}
	}
	chain input {
		type filter hook input priority filter - 10; policy accept;
		${about} jump guard
	}
	chain forward {
		type filter hook forward priority filter - 10; policy accept;
		iifname != "${device}" oifname "${device}" ${about} counter drop comment "vxlan-from-pod"
${nodes('daddr', `iifname != "${device}" udp dport ${overlay.port} counter drop comment "to-vxlan-port-from-pod"`)}\
		ct status dnat ${about} counter drop comment "vxlan-through-service"
	}
	chain postrouting {
		type filter hook postrouting priority srcnat + 10; policy accept;
		${notNodes} ${about} counter drop comment "vxlan-from-other-program"
${nodes('daddr', `${notNodes} udp dport ${overlay.port} counter drop comment "to-vxlan-port-from-other-program"`)}\
	}
}
`;
}

/** A rule for each network that is allowed, and one for all hosts. */
function nodeRules(field: string, allowed: Allowed, rest: string): string {
  if (allowed === 'any') return '';
  const networks = allowed.filter((each) => each.includes('/'));
  const hosts = allowed.filter((each) => !each.includes('/'));
  const about = [...networks, ...(hosts.length === 0 ? [] : [`{ ${hosts.join(', ')} }`])];
  return about.map((each) => `\t\t${field} ${each} ${rest}\n`).join('');
}
