import fc from 'fast-check';
import { ADDRESS_BITS, type Address, type Family } from '../../fn/net/address.ts';
import type { Cidr } from '../../fn/net/cidr.ts';

const anyFamily = fc.constantFrom<Family>('IPv4', 'IPv6');

/** Addresses of both families; sparse ones too, so that IPv6 has runs of zeros. */
export const anyAddress: fc.Arbitrary<Address> = anyFamily.chain((family) => {
  const max = (1n << BigInt(ADDRESS_BITS[family])) - 1n;
  const dense = fc.bigInt({ min: 0n, max });
  const sparse = fc.tuple(dense, dense, dense).map(([a, b, c]) => a & b & c);
  return fc.oneof(dense, sparse).map((value) => ({ family, value }));
});

/** Networks of one family whose prefixes are at most `longest` bits long, so that they meet each other often. */
export function anyCidr(family: Family, longest: number): fc.Arbitrary<Cidr> {
  return fc.integer({ min: 0, max: longest }).chain((length) => {
    const shift = BigInt(ADDRESS_BITS[family] - length);
    return fc
      .bigInt({ min: 0n, max: (1n << BigInt(length)) - 1n })
      .map((prefix) => ({ family, base: prefix << shift, length }));
  });
}
