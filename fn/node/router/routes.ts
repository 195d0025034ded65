import type { Family } from '../../net/address.ts';
import type { Change } from '../change.ts';
import type { InterfaceState } from './interface.ts';
import { TABLE } from './policies.ts';
import { ofFamily, type Settings } from './settings.ts';

/** A route of the table, in the words of `ip route`, such as `default via 10.99.0.1 dev net2`. */
export type Route = string;

/** Reads what `ip -j -4 route show table 100` prints; none before there was ever one. */
export function parseRoutes(text: string | undefined): readonly Route[] {
  const routes = JSON.parse(text || '[]') as readonly {
    readonly dst: string;
    readonly gateway?: string;
    readonly dev?: string;
  }[];
  return routes.map(({ dst, gateway, dev }) => [dst, ...(gateway ? ['via', gateway] : []), 'dev', dev].join(' '));
}

/** A tunnel has no gateway, and all that is behind it is reached alike. */
export function wantedRoutes({ config, egress }: Settings, family: Family): readonly Route[] {
  const { networks, nextHops } = config.egressRoutes ?? { networks: [], nextHops: [] };
  const [gateway] = ofFamily(nextHops, family);
  return [
    ...ofFamily(networks, family).map((network) => `${network} dev ${egress}`),
    gateway === undefined ? `default dev ${egress}` : `default via ${gateway} dev ${egress}`,
  ];
}

/**
 * Adds what is missing, in place of what leads elsewhere, and removes networks of another time. With a VPN, what else
 * its program has in the table is left alone.
 */
export function routeChanges(settings: Settings, family: Family, found: readonly Route[]): readonly Change[] {
  const wanted = wantedRoutes(settings, family);
  const ip = (verb: string, route: Route) =>
    ['ip', `-${family.slice(-1)}`, 'route', verb, ...route.split(' '), 'table', TABLE] as const;
  const added = wanted.filter((route) => !found.includes(route));
  const isOwn = (route: Route) => route.endsWith(` dev ${settings.egress}`) && !route.startsWith('default ');
  const stale = settings.config.egress.type === 'Network' ? found.filter(isOwn) : [];
  return [
    ...added.map((route) => ({
      what: `${family}: route ${route} added`,
      failure: `the route '${route}' cannot be added`,
      command: ip('replace', route),
    })),
    ...stale
      .filter((route) => !wanted.includes(route))
      .map((route) => ({
        what: `${family}: route ${route} removed`,
        failure: `the route '${route}' cannot be removed`,
        command: ip('del', route),
      })),
  ];
}

/**
 * The families that the way out carries, and what is said of the others: a tunnel without an address of a family does
 * not carry it.
 */
export function carriedFamilies({ egress, families }: Settings, { addresses }: InterfaceState) {
  const carries = (family: Family) =>
    addresses.some(({ isGlobal, isIPv6 }) => isGlobal && isIPv6 === (family === 'IPv6'));
  const carried = families.filter(carries);
  const missing = families
    .filter((family) => !carries(family))
    .map((family) => [family, `${egress} has no ${family} address`]);
  // It need not carry all families, but one.
  return {
    carried,
    faults: carried.length > 0 ? [] : missing.map(([, text]) => text ?? ''),
    notes: carried.length > 0 ? missing.map(([family, text]) => `${text}: ${family} does not leave`) : [],
  };
}
