import type { Change } from '../change.ts';
import type { Entry } from './entries.ts';
import type { Link } from './link.ts';

// By what a router tells that its port is on the network's bridge, and that on the other nodes: the bridge itself
// answers its question for an address that nobody has. The kernel does so as long as the VXLAN is a port of the bridge,
// also while no agent runs; a bridge that a CNI plugin has made does not.

/** The dummy address of IPv4 (RFC 7600, section 4.8), which is nobody's. */
export const ANSWER_ADDRESS = '192.0.0.8';
/** A MAC address that is administered locally. */
export const ANSWER_MAC = '02:67:77:6e:00:08';

/** A neighbour as `ip -j neigh show` has it. */
export interface Neighbour {
  readonly dst?: string;
  readonly dev?: string;
  readonly lladdr?: string;
  readonly state?: readonly string[];
}

/**
 * The bridge answers for a neighbour of its own whose MAC address is behind a port with that flag (kernel:
 * net/bridge/br_arp_nd_proxy.c).
 */
export function diffAnswer(
  bridge: string,
  vxlan: Link,
  entries: readonly Entry[],
  neighbours: readonly Neighbour[],
): readonly Change[] {
  const { name } = vxlan;
  const isKnown = neighbours.some(
    ({ dst, dev, lladdr, state }) =>
      dst === ANSWER_ADDRESS && dev === bridge && lladdr === ANSWER_MAC && state?.includes('PERMANENT'),
  );
  const change = (what: string, command: string) => ({ what, command: command.split(' ') });
  return [
    ...(vxlan.port['proxy_arp_wifi'] === true
      ? []
      : [change(`${name}: the bridge answers routers`, `ip link set dev ${name} type bridge_slave proxy_arp_wifi on`)]),
    ...(entries.some(({ mac }) => mac === ANSWER_MAC)
      ? []
      : [change(`${name}: ${ANSWER_MAC} added`, `bridge fdb replace ${ANSWER_MAC} dev ${name} master static`)]),
    ...(isKnown
      ? []
      : [
          change(
            `${bridge}: ${ANSWER_ADDRESS} added`,
            `ip neigh replace ${ANSWER_ADDRESS} lladdr ${ANSWER_MAC} dev ${bridge} nud permanent`,
          ),
        ]),
  ];
}
