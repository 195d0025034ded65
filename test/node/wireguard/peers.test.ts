import { expect, test } from 'vitest';
import { dated, parseDump } from '../../../fn/node/wireguard/peers.ts';

const INTERFACE = ['private', 'public', '51820', '0x67776e'];
const PEER = ['peer', '(none)', '10.244.1.1:51820', '0.0.0.0/0,::/0', '1700000000', '92', '180', '25'];
const dump = (...lines: readonly (readonly string[])[]) => lines.map((line) => `${line.join('\t')}\n`).join('');
const changed = (line: readonly string[], index: number) => line.map((word, at) => (at === index ? 'x' : word));

const { configured } = parseDump(dump(INTERFACE, PEER));

test.each([
  ['the private key', dump(changed(INTERFACE, 0), PEER)],
  ['the mark', dump(changed(INTERFACE, 3), PEER)],
  ['the key of a peer', dump(INTERFACE, changed(PEER, 0))],
  ['the third key', dump(INTERFACE, changed(PEER, 1))],
  ['the networks of a peer', dump(INTERFACE, changed(PEER, 3))],
  ['the keepalive', dump(INTERFACE, changed(PEER, 7))],
  ['a peer that is missing', dump(INTERFACE)],
  ['a peer more', dump(INTERFACE, PEER, changed(PEER, 0))],
])('another is configured with %s', (_, text) => {
  expect(parseDump(text).configured).not.toBe(configured);
});

test.each([
  ['the public key, which follows from the other', dump(changed(INTERFACE, 1), PEER)],
  ['the port', dump(changed(INTERFACE, 2), PEER)],
  ['where the peer is seen', dump(INTERFACE, changed(PEER, 2))],
  ['the counters', dump(INTERFACE, changed(changed(PEER, 5), 6))],
])('the same is configured with another %s', (_, text) => {
  expect(parseDump(text).configured).toBe(configured);
});

test('the latest handshake is that of any peer', () => {
  const at = (time: string) => PEER.map((word, index) => (index === 4 ? time : word));
  expect(parseDump(dump(INTERFACE, at('5'), at('7'), at('6'))).latest).toBe(7);
  expect(parseDump(dump(INTERFACE, at('0'))).latest).toBe(0);
  expect(parseDump(dump(INTERFACE)).latest).toBe(0);
});

test('a handshake is dated when it is first seen, whatever becomes of the clock that is set from outside', () => {
  const first = dated(1_700_000_000, { latest: 0, uptime: 0 }, 500, 1_700_000_004);
  expect(first).toEqual({ latest: 1_700_000_000, uptime: 496 });
  expect(dated(1_700_000_000, first, 510, 1_600_000_000)).toBe(first);
  expect(dated(1_700_000_120, first, 620, 1_700_000_121)).toEqual({ latest: 1_700_000_120, uptime: 619 });
});
