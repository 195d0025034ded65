import { parseAddress } from '../net/address.ts';
import { type Cidr, lastOf } from '../net/cidr.ts';
import { type Range, rangeOf, without } from '../net/range.ts';
import { routerBlock } from '../net/router-block.ts';

/**
 * Whether a subnet has an address for a client, besides the gateway's, what is kept free for
 * routers, and other ranges.
 */
export function hasClientAddress(
  cidr: Cidr,
  gatewayAddresses: readonly string[],
  reservedRanges: readonly Range[],
): boolean {
  const { family } = cidr;
  const broadcast = { family, first: lastOf(cidr), last: lastOf(cidr) };
  const gateways = gatewayAddresses.flatMap((text) => {
    const address = parseAddress(text);
    return address === undefined ? [] : [{ family: address.family, first: address.value, last: address.value }];
  });
  const taken = [...reservedRanges, routerBlock(cidr), ...(family === 'IPv4' ? [broadcast] : []), ...gateways];
  return without(rangeOf(cidr), taken).length > 0;
}
