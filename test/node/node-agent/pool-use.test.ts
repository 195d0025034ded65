import { expect, test } from 'vitest';
import { poolUse } from '../../../fn/node/node-agent/pool-use.ts';
import { parseAddress } from '../../../fn/net/address.ts';

const POOL = [
  ['192.168.50.16', '192.168.50.31'],
  ['192.168.50.40', '192.168.50.41'],
  ['fd00:50::10', 'fd00:50::ffff:ffff:ffff:ffff'],
];

test.each<[string, readonly string[], readonly [number, number]]>([
  ['nothing is given', [], [0, 0]],
  ['first and last addresses of its ranges count', ['192.168.50.16', '192.168.50.31', '192.168.50.41'], [3, 0]],
  ['fixed addresses are outside', ['192.168.50.32', '192.168.50.42', 'fd00:50::f'], [0, 0]],
  ['families are apart', ['192.168.50.20', 'fd00:50::20'], [1, 1]],
])('%s', (_, given, [IPv4, IPv6]) => {
  const addresses = given.flatMap((text) => parseAddress(text) ?? []);
  expect(poolUse(POOL, addresses)).toEqual([
    { family: 'IPv4', size: 18, used: IPv4 },
    { family: 'IPv6', size: Number(2n ** 64n - 16n), used: IPv6 },
  ]);
});

test('a family without a pool has none', () => {
  expect(poolUse(POOL.slice(0, 1), []).map(({ family }) => family)).toEqual(['IPv4']);
});
