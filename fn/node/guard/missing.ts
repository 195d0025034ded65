import { ADDRESS_BITS, FAMILIES, type Family, formatAddress, isSame } from '../../net/address.ts';
import { formatCidr } from '../../net/cidr.ts';
import { ROUTABLE } from '../../net/special-ranges.ts';
import { subtract } from '../../net/subtract.ts';
import type { Wanted } from './options.ts';
import type { Route } from './routes.ts';

/** What container runtimes call the primary interface of a pod. */
export const PRIMARY = 'eth0';

/** What of the routes of a network a pod lacks, as words; nothing where it has all of them. */
export function missingRoutes({ gateways, unrouted }: Wanted, routes: readonly Route[]): string | undefined {
  // A default route has a rival in the primary interface's.
  const beside = routes.filter(({ device, destination }) => device !== PRIMARY && destination.length > 0);
  const device = beside.find(({ gateway }) => gateways.some((one) => isSame(gateway, one)))?.device;
  if (device === undefined) {
    return `there is no interface beside ${PRIMARY} with routes by ${gateways.map(formatAddress).join(' and ')}`;
  }
  const own = beside.filter((route) => route.device === device);
  const lacking = FAMILIES.flatMap((family) => lackingIn(family, { gateways, unrouted }, own));
  return lacking[0] === undefined ? undefined : `${device} has no route to ${lacking[0]}`;
}

/**
 * The destinations of a family that the network's interface does not lead to as it must. IPv6 leads everywhere on the
 * link, too: the kernel skips a gateway that does not answer. A single IPv6 address may be on the link alone.
 */
function lackingIn(
  family: Family,
  { gateways, unrouted }: Pick<Wanted, 'gateways' | 'unrouted'>,
  routes: readonly Route[],
): readonly string[] {
  const all = ROUTABLE.filter((one) => one.family === family);
  const besides = (some: readonly Route[]) => subtract(all, [...unrouted, ...some.map((route) => route.destination)]);
  const onLink = () => besides(routes.filter((route) => route.gateway === undefined)).map(formatCidr);
  const gateway = gateways.find((one) => one.family === family);
  if (gateway === undefined) return onLink();
  const byGateway = besides(routes.filter((route) => isSame(route.gateway, gateway)))
    .filter(({ length }) => family === 'IPv4' || length < ADDRESS_BITS.IPv6)
    .map((cidr) => `${formatCidr(cidr)} by ${formatAddress(gateway)}`);
  return family === 'IPv4' ? byGateway : [...byGateway, ...onLink()];
}
