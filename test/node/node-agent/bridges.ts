import type { Change } from '../../../fn/node/change.ts';
import type { Link } from '../../../fn/node/node-agent/link.ts';
import type { Names } from '../../../fn/node/node-agent/names.ts';
import { port } from './given.ts';

/** The names and marks of the agent `agent-a`. */
export const NAMES: Names = {
  bridge: 'gwvpn',
  entry: 'gwvpn-in',
  vxlan: 'gwvpn-vx',
  released: 'gateway-network egress/vpn',
  mark: 'gateway-network egress/vpn agent-a',
  pod: 'agent-a',
};

/** A bridge as the agent makes it. */
export function bridge(name = 'gwvpn', given: Partial<Link> = {}): Link {
  const details = { mcast_snooping: 0, stp_state: 0 };
  return port(name, { kind: 'bridge', master: undefined, alias: NAMES.mark, addressMode: 'none', details, ...given });
}

/** A VXLAN as the agent makes it. */
export function vxlan(name = 'gwvpn-vx', given: Partial<Link> = {}): Link {
  const details = {
    id: 1000,
    link: 'eth0',
    local: '172.18.0.11',
    port_range: { low: 0, high: 0 },
    port: 4799,
    learning: true,
    ttl: 0,
  };
  return port(name, {
    kind: 'vxlan',
    master: 'gwvpn',
    group: '10000007',
    alias: NAMES.mark,
    addressMode: 'none',
    details,
    ...given,
  });
}

export const ADDRESS = { family: 'IPv4', address: '10.0.0.1', isLocal: false, isUsable: true } as const;
export const LOCAL_ADDRESS = { family: 'IPv6', address: 'fe80::1', isLocal: true, isUsable: true } as const;

/** Changes as text: what each does, its command, and what that reads. */
export function lines(changes: readonly Change[]): readonly string[] {
  return changes.map(({ what, command, text }) =>
    [`${what}: ${command.join(' ')}`, ...(text === undefined ? [] : [text.trimEnd()])].join('\n'),
  );
}
