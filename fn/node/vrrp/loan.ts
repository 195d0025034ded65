import type { RouterConfig } from '../config/router-config.ts';
import { type Addresses, line } from '../routers/addresses.ts';
import { flagOf, type MovingAddress, movingAddresses } from './keepalived.ts';

/** The seconds after which the kernel takes an address away that is not lent again. */
const LIFETIME = 3;

/** Those of keepalived's addresses that the router has. */
export function heldBy(config: RouterConfig, there: Addresses): readonly MovingAddress[] {
  return movingAddresses(config).filter(({ address, device }) => there.has(line(device, address)));
}

/** Lends addresses for another while, as lines of `ip -batch`. */
export function loans(held: readonly MovingAddress[]): string {
  return batch('change', held, ` nodad valid_lft ${LIFETIME} preferred_lft 0`);
}

/** Takes away what keepalived has left behind: addresses, and the signs of others. */
export function removals(config: RouterConfig, there: Addresses): string {
  const flags = config.routers.map((router) => flagOf(config, router));
  return batch('del', [
    ...flags.filter(({ address, device }) => there.has(line(device, address))),
    ...heldBy(config, there),
  ]);
}

function batch(verb: string, addresses: readonly MovingAddress[], options = ''): string {
  return addresses.map(({ address, device }) => `addr ${verb} ${address} dev ${device}${options}\n`).join('');
}

/**
 * The other routers that could not take over, as this one hears: their programs tell keepalived, and that tells the
 * others.
 */
export function silentRouters(config: RouterConfig, own: string, there: Addresses): readonly string[] {
  return config.routers.flatMap((router) => {
    const { address, device } = flagOf(config, router);
    return router.name !== own && there.has(line(device, address)) ? router.name : [];
  });
}

/** The status files of the programs that must be ready for the router to take over. */
export function judged({ resolver, failover, wireGuard }: RouterConfig): readonly string[] {
  return [
    'status',
    ...(resolver === undefined ? [] : ['resolver.status']),
    ...(failover?.synchronised ? ['connections.status'] : []),
    ...(wireGuard === undefined ? [] : ['wireguard.status']),
  ];
}
