import { join, type Namespace, run, tryRun } from '../../agent/namespace.ts';
import { countSources } from './counter.ts';
import { createNamespace } from './namespace.ts';

/**
 * A layer 2 outside the cluster, which every node reaches by its `eth1` and has no address on: a
 * router, a host behind it that
 * stands for the internet there, and a host that is up to no good. Its frames are not tagged:
 * where they go is all that pods see
 * of a VLAN.
 */
export interface Vlan {
  /** The router; its port for a node is `node<number>`, on the bridge `segment`. */
  readonly router: Namespace;
  readonly server: Namespace;
  readonly attacker: Namespace;
  /** Plugs a node in, also one that has started again. */
  readonly plug: (node: Place) => void;
  /** The sources of IP packets that have come from a node since it was plugged in, and how many from each. */
  readonly sources: (node: number) => Readonly<Record<string, number>>;
}

/** A node, as far as it is plugged in. */
interface Place {
  /** Counted from 1. */
  readonly number: number;
  readonly namespace: Namespace;
}

/** The addresses of those who are there. */
export const VLAN = {
  router: { IPv4: '10.99.0.1', IPv6: 'fd00:99::1' },
  server: { IPv4: '198.51.100.10', IPv6: '2001:db8:51::10' },
  attacker: { IPv4: '10.99.0.66', IPv6: 'fd00:99::66' },
} as const;

export interface VlanOptions {
  /** The name of the nodes' interface there, `eth1` unless given. */
  readonly device?: string;
  /**
   * The name of a bridge to make on each node, of which `eth1` is a port; none where `eth1` is used
   * as it is. Its frames bypass connection tracking.
   */
  readonly bridge?: string;
}

export function createVlan(
  cluster: { readonly nodes: readonly Place[] },
  { bridge, device = 'eth1' }: VlanOptions = {},
): Vlan {
  const [router, server, attacker] = [createNamespace(), createNamespace(), createNamespace()];
  join(router, 'server', server, 'eth0');
  join(router, 'attacker', attacker, 'eth0');
  run(
    router,
    `sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
     ip link add segment type bridge mcast_snooping 0 && ip link set segment up && ip link set attacker master segment
     ip addr add ${VLAN.router.IPv4}/24 dev segment && ip addr add ${VLAN.router.IPv6}/64 dev segment nodad
     ip addr add 198.51.100.1/24 dev server && ip addr add 2001:db8:51::1/64 dev server nodad`,
  );
  run(
    server,
    `ip addr add ${VLAN.server.IPv4}/24 dev eth0 && ip addr add ${VLAN.server.IPv6}/64 dev eth0 nodad
     ip route add default via 198.51.100.1 && ip -6 route add default via 2001:db8:51::1`,
  );
  run(
    attacker,
    `ip addr add ${VLAN.attacker.IPv4}/24 dev eth0 && ip addr add ${VLAN.attacker.IPv6}/64 dev eth0 nodad
     ip route add default via ${VLAN.router.IPv4} && ip -6 route add default via ${VLAN.router.IPv6}`,
  );
  const sources = new Map<number, () => Readonly<Record<string, number>>>();
  const plug = ({ number, namespace }: Place): void => {
    const port = `node${number}`;
    tryRun(router, `ip link del ${port}`);
    join(namespace, device, router, port);
    run(router, `ip link set ${port} master segment`);
    run(namespace, `ip link set ${device} down && ip link set ${device} addrgenmode none && ip link set ${device} up`);
    if (bridge) {
      // The node's packet filter sees what is bridged as well, and would masquerade it.
      run(
        namespace,
        `ip link add ${bridge} type bridge mcast_snooping 0 && ip link set ${bridge} addrgenmode none
         ip link set ${bridge} up && ip link set ${device} master ${bridge}
         nft 'table inet ${bridge} { chain raw { type filter hook prerouting priority raw; iifname "${bridge}" notrack; }; }'`,
      );
    }
    sources.set(number, countSources(router, port));
  };
  for (const node of cluster.nodes) plug(node);
  return { router, server, attacker, plug, sources: (node) => sources.get(node)?.() ?? {} };
}
