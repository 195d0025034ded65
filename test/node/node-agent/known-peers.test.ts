import { expect, test } from 'vitest';
import {
  formatPeers,
  isSettled,
  type KnownPeer,
  learn,
  ofFamily,
  parsePeers,
  qualify,
  resolved,
} from '../../../fn/node/node-agent/known-peers.ts';

const OWN = ['172.18.0.11', 'fd00:18::11'];
const peers = (...all: readonly (readonly [string, number])[]): readonly KnownPeer[] =>
  all.map(([address, lacked]) => ({ address, lacked }));

test('peers outlive a container by a file', () => {
  const known = peers(['172.18.0.12', 0], ['fd00:18::13', 61]);
  expect(formatPeers(known)).toBe('172.18.0.12 0\nfd00:18::13 61\n');
  expect(parsePeers(formatPeers(known))).toEqual(known);
  expect(parsePeers('172.18.0.12\n\n172.18.0.13 x\n172.18.0.14 1 2\n')).toEqual([]);
});

test('an answer is the addresses of a family, each once, without those of a link', () => {
  const addresses = ['172.18.0.12', 'fd00:18::12', '172.18.0.12', 'fe80::1%eth0', 'name'];
  expect(ofFamily(addresses, 'IPv4')).toEqual(['172.18.0.12']);
  expect(ofFamily(addresses, 'IPv6')).toEqual(['fd00:18::12']);
});

test('of what getent prints, a line for each address counts', () => {
  const text = '172.18.0.12     STREAM peers\n172.18.0.12     DGRAM  \n172.18.0.12     RAW    \n172.18.0.13 STREAM \n';
  expect([...resolved(text)]).toEqual(['172.18.0.12', '172.18.0.13']);
});

const BOTH = ['172.18.0.11', '172.18.0.12'];
test.each<readonly [string, readonly KnownPeer[], readonly string[], boolean]>([
  ['what is known, in another order', peers(['172.18.0.11', 0], ['172.18.0.12', 0]), BOTH.toReversed(), true],
  ['less', peers(['172.18.0.11', 0], ['172.18.0.12', 0]), ['172.18.0.11'], false],
  ['more', peers(['172.18.0.11', 0]), BOTH, false],
  ['another', peers(['172.18.0.11', 0], ['172.18.0.12', 0]), ['172.18.0.11', '172.18.0.13'], false],
  ['what was lacking', peers(['172.18.0.11', 0], ['172.18.0.12', 4]), BOTH, false],
  ['all but this node', peers(['172.18.0.12', 0], ['172.18.0.13', 0]), ['172.18.0.12', '172.18.0.13'], false],
])('an answer that holds %s is settled or not', (_, known, answer, is) => {
  expect(isSettled(known, new Set(answer), OWN)).toBe(is);
});

test.each<readonly [string, readonly KnownPeer[], readonly string[], number, readonly KnownPeer[]]>([
  ['the first one', [], BOTH, 0, peers(['172.18.0.11', 0], ['172.18.0.12', 0])],
  [
    'one in another order, with a new peer',
    peers(['172.18.0.12', 0], ['172.18.0.11', 0]),
    ['172.18.0.14', ...BOTH],
    10,
    peers(['172.18.0.12', 0], ['172.18.0.11', 0], ['172.18.0.14', 0]),
  ],
  [
    'one that lacks a peer for the first time, after however long',
    peers(['172.18.0.12', 0], ['172.18.0.13', 0]),
    BOTH,
    500,
    peers(['172.18.0.12', 0], ['172.18.0.13', 1], ['172.18.0.11', 0]),
  ],
  [
    'one that still lacks it',
    peers(['172.18.0.11', 0], ['172.18.0.12', 0], ['172.18.0.13', 1]),
    BOTH,
    88,
    peers(['172.18.0.11', 0], ['172.18.0.12', 0], ['172.18.0.13', 89]),
  ],
  [
    'one that has lacked it long enough',
    peers(['172.18.0.11', 0], ['172.18.0.12', 0], ['172.18.0.13', 1]),
    BOTH,
    89,
    peers(['172.18.0.11', 0], ['172.18.0.12', 0]),
  ],
  [
    'one that has it again',
    peers(['172.18.0.11', 0], ['172.18.0.12', 80]),
    BOTH,
    80,
    peers(['172.18.0.11', 0], ['172.18.0.12', 0]),
  ],
])('what is learnt of %s', (_, known, answer, since, expected) => {
  expect(learn(known, answer, { own: OWN, since, grace: 90 })).toEqual({ type: 'Believed', peers: expected });
});

test('nothing is learnt of an answer without an address of the node', () => {
  const context = { own: OWN, since: 100, grace: 90 };
  const known = peers(['172.18.0.12', 1]);
  expect(learn(known, [], context)).toEqual({ type: 'Nothing' });
  expect(learn(known, ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'], context)).toEqual({
    type: 'Foreign',
    addresses: ['10.0.0.1', '10.0.0.2', '10.0.0.3'],
  });
});

test.each([
  ['search egress.svc.cluster.example svc.cluster.example cluster.example\n', 'peers.egress.svc.cluster.example.'],
  ['search egress.svc.cluster.example. corp.example\n', 'peers.egress.svc.cluster.example.'],
  ['search a.svc.one\nnameserver 10.0.0.1\nsearch b.svc.two\n', 'peers.b.svc.two.'],
  ['search a.svc.one\nsearch corp.example\n', 'peers.a.svc.one.'],
  ['search corp.example egress.svc.cluster.example\n', 'peers.egress.svc'],
  ['search .svc.cluster.example\n', 'peers.egress.svc'],
  ['search egress.svc\n', 'peers.egress.svc'],
  ['searching egress.svc.cluster.example\n', 'peers.egress.svc'],
  ['', 'peers.egress.svc'],
])('with %j in resolv.conf the name is %s', (text, expected) => {
  expect(qualify('peers.egress.svc', text)).toBe(expected);
});
