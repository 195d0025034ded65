import type { Change } from '../change.ts';

/** A table of routes, and the place of its rules, before the main table's (32766). */
export const TABLE = '4799';
const PRIORITY = '4799';

/** The options of `ip` that stand for the families. */
export type FamilyOption = '-4' | '-6';

/** A route as `ip -j route show` has it, as far as it is not about the moment (expires, linkdown). */
export interface Route {
  readonly dst: string;
  readonly gateway?: string;
  /** A gateway of the other family. */
  readonly via?: { readonly family: string; readonly host: string };
  readonly prefsrc?: string;
  readonly metric?: number;
  readonly scope?: string;
  readonly flags?: readonly string[];
  readonly metrics?: readonly { readonly mtu?: number; readonly advmss?: number }[];
}

/** What `ip -j` tells of one family of an interface. */
export interface Observed {
  /** The interface's routes in the main table. */
  readonly routes: readonly Route[];
  /** Its global addresses. */
  readonly addresses: readonly string[];
  /** The rules at the place of ours: the sender that each is for, and its table. */
  readonly rules: readonly { readonly src?: string; readonly table?: string }[];
}

/** Where the families of an interface are read. */
export const QUERIES = {
  routes: (device: string) => ['route', 'show', 'table', 'main', 'dev', device],
  addresses: (device: string) => ['addr', 'show', 'dev', device, 'scope', 'global'],
  rules: () => ['rule', 'show', 'pref', PRIORITY],
} as const;

/** The routes of our table: those of the main table by the interface; none where it has no default route. */
export function routeChanges(family: FamilyOption, device: string, { routes }: Observed): readonly Change[] {
  if (!routes.some(({ dst }) => dst === 'default')) return [];
  return routes.map((route) => ({
    what: `${route.dst} by ${device} in table ${TABLE}`,
    command: ['ip', family, 'route', 'replace', ...words(route), 'dev', device, 'table', TABLE],
  }));
}

function words({ dst, gateway, via, prefsrc, metric, scope, metrics = [], flags = [] }: Route): readonly string[] {
  const option = (name: string, value: string | number | undefined) => (value === undefined ? [] : [name, `${value}`]);
  return [
    dst,
    ...option('via', gateway),
    ...(via === undefined ? [] : ['via', via.family, via.host]),
    ...option('src', prefsrc),
    ...option('metric', metric),
    ...option('scope', scope),
    ...metrics.flatMap(({ mtu, advmss }) => [...option('mtu', mtu), ...option('advmss', advmss)]),
    ...(flags.includes('onlink') ? ['onlink'] : []),
  ];
}

/** A rule for each address that has none yet: what it sends is routed by our table, where that has routes. */
export function ruleChanges(family: FamilyOption, { routes, addresses, rules }: Observed): readonly Change[] {
  if (!routes.some(({ dst }) => dst === 'default')) return [];
  return addresses
    .filter((address) => !rules.some(({ src, table }) => src === address && table === TABLE))
    .map((address) => ({
      what: `what ${address} sends`,
      command: ['ip', family, 'rule', 'add', 'from', address, 'lookup', TABLE, 'pref', PRIORITY],
    }));
}
