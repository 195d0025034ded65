import { LIVE_ROUTER_KEYS, type RouterConfig } from '../config/router-config.ts';

type Router = RouterConfig['routers'][number];

/** The router of an index, as programs have it from their environment; nothing where there is none. */
export function routerOf(config: RouterConfig, index: string): Router | undefined {
  return /^\d{1,3}$/.test(index) ? config.routers[Number(index)] : undefined;
}

/** The address by which the others know a router: its own of the first family. */
export function addressOf({ addresses: [first = ''] }: Router): string {
  return first.replace(/\/.*/, '');
}

/** Those of the others. */
export function peersOf(config: RouterConfig, own: Router): readonly string[] {
  return config.routers.filter((router) => router !== own).map(addressOf);
}

/** Whether an address is of IPv6. */
export function isIPv6(address: string): boolean {
  return address.includes(':');
}

/**
 * Why a configuration cannot take the place of the one that the programs of a router run; nothing where it can. Of the
 * routers, it is this one's own values that only a new pod can take.
 */
export function standsInTheWay(running: RouterConfig, next: RouterConfig, index: string): string | undefined {
  const keys = [...new Set([...Object.keys(running), ...Object.keys(next)])];
  const live: readonly string[] = LIVE_ROUTER_KEYS;
  const fixed = (config: RouterConfig, key: string) =>
    JSON.stringify(Object.entries({ ...config, routers: routerOf(config, index) }).find(([each]) => each === key));
  const changed = keys.find((key) => !live.includes(key) && fixed(running, key) !== fixed(next, key));
  return changed === undefined ? undefined : `config.json: ${changed} has changed, which only a new pod can take`;
}
