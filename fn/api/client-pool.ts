import { ADDRESS_BITS, parseAddress } from '../net/address.ts';
import { type Cidr, lastOf, subtract } from '../net/cidr.ts';
import { coverRange, type Range } from '../net/range.ts';
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
  const holes = [...reservedRanges, routerBlock(cidr), ...(family === 'IPv4' ? [broadcast] : [])].flatMap(coverRange);
  const gateways = gatewayAddresses.flatMap((text) => {
    const address = parseAddress(text);
    return address === undefined ? [] : [{ ...address, base: address.value, length: ADDRESS_BITS[address.family] }];
  });
  return subtract([cidr], [...holes, ...gateways]).length > 0;
}
