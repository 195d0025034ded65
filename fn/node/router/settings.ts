import type { Family } from '../../net/address.ts';
import type { RouterConfig } from '../config/router-config.ts';
import { routerOf } from '../routers/own-router.ts';

/** What one of the routers does, by its configuration. */
export interface Settings {
  readonly config: RouterConfig;
  readonly own: RouterConfig['routers'][number];
  readonly others: readonly RouterConfig['routers'][number][];
  /** The interface on the network, and that of the egress. */
  readonly overlay: string;
  readonly egress: string;
  readonly families: readonly Family[];
  /** Whether what leaves has a routing table of its own. */
  readonly hasOwnWay: boolean;
  /** The name servers outside that the resolver asks, where their way is not the pod's. */
  readonly upstreams: readonly string[];
  /** The gateway's IPv6 address, where there is one. */
  readonly caller: string | undefined;
  /** Whether others may change what the router depends on, such as a VPN's program. */
  readonly isWatchful: boolean;
}

/** Nothing where the configuration has no router of that index. */
export function settingsOf(config: RouterConfig, index: string): Settings | undefined {
  const own = routerOf(config, index);
  if (own === undefined) return undefined;
  const { egress, subnets, resolver, gateways, failover, healthCheck } = config;
  const hasOwnWay = egress.type !== 'ClusterNetwork';
  return {
    config,
    own,
    others: config.routers.filter((router) => router !== own),
    overlay: config.interface,
    egress: egress.interface,
    families: subnets.map((subnet) => (subnet.includes(':') ? 'IPv6' : 'IPv4')),
    hasOwnWay,
    upstreams: hasOwnWay && resolver ? resolver.upstreams : [],
    caller: gateways.find((address) => address.includes(':')),
    isWatchful: hasOwnWay || failover !== undefined || healthCheck.length > 0,
  };
}

/** Those of addresses or networks that are of a family. */
export function ofFamily(list: readonly string[], family: Family): readonly string[] {
  return list.filter((each) => each.includes(':') === (family === 'IPv6'));
}
