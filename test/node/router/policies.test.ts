import { expect, test } from 'vitest';
import { parsePolicies, policyChanges, wantedPolicies } from '../../../fn/node/router/policies.ts';
import { NETWORK, VPN } from './settings.ts';
import { text } from './text.ts';

const all = <T extends object>(rule: T) => ({ src: 'all', ...rule });
/** What `ip -j rule show` prints of the policies of a network, and of others' beside. */
const SHOWN = [
  all({ priority: 0, table: 'local' }),
  all({ priority: 90, dst: '192.168.50.0', dstlen: 24, table: 'main' }),
  all({ priority: 91, iif: 'net1', iif_detached: null, table: '100' }),
  all({ priority: 92, oif: 'net2', oif_detached: null, table: '100' }),
  all({ priority: 93, fwmark: '0x67776f', table: '100' }),
  all({ priority: 94, iif: 'net1', action: 'unreachable' }),
  all({ priority: 98, dst: '172.18.0.0', dstlen: 16, table: 'main' }),
  all({ priority: 32766, table: 'main' }),
];
const found = (rules: readonly object[]) => parsePolicies(JSON.stringify(rules));
const wanted = wantedPolicies(NETWORK, 'IPv4');

test('the policies of each family are those of its networks', () => {
  const lines = (settings: typeof NETWORK, family: 'IPv4' | 'IPv6') =>
    wantedPolicies(settings, family).map(({ priority, selector, action }) => `${priority}: ${selector} ${action}`);
  expect(lines(NETWORK, 'IPv4')).toEqual([
    '94: iif net1 unreachable',
    '90: to 192.168.50.0/24 lookup main',
    '91: iif net1 lookup 100',
    '92: oif net2 lookup 100',
    '93: fwmark 0x67776f lookup 100',
  ]);
  expect(lines(VPN, 'IPv6')).toEqual([
    '94: iif net1 unreachable',
    '90: to fd00:50::/64 lookup main',
    '91: iif net1 lookup 100',
    '92: oif wg0 lookup 100',
    '95: to 2001:db8::53 ipproto udp dport 53 lookup 100',
    '96: to 2001:db8::53 ipproto udp dport 53 unreachable',
    '95: to 2001:db8::53 ipproto tcp dport 53 lookup 100',
    '96: to 2001:db8::53 ipproto tcp dport 53 unreachable',
  ]);
});

test('those that are there are found, whether their interfaces are or not', () => {
  expect(policyChanges('IPv4', found(SHOWN), wanted)).toEqual([]);
  const questions = ['udp', 'tcp'].flatMap((ipproto) => [
    all({ priority: 95, dst: '203.0.113.53', ipproto, dport: 53, table: '100', protocol: 'static' }),
    all({ priority: 96, dst: '203.0.113.53', ipproto, dport: 53, dport_mask: '0xffff', action: 'unreachable' }),
  ]);
  const vpn = wantedPolicies(VPN, 'IPv4');
  const others = SHOWN.filter((rule) => rule.priority !== 93);
  const ofVpn = JSON.parse(JSON.stringify([...others, ...questions]).replaceAll('net2', 'wg0')) as readonly object[];
  expect(policyChanges('IPv4', found(ofVpn), vpn)).toEqual([]);
});

test('all are added, that there is no other way first', () => {
  expect(text(policyChanges('IPv4', found([]), wanted))).toEqual([
    'IPv4: iif net1: unreachable | ip -4 rule add priority 94 iif net1 unreachable',
    'IPv4: to 192.168.50.0/24: lookup main | ip -4 rule add priority 90 to 192.168.50.0/24 lookup main',
    'IPv4: iif net1: lookup 100 | ip -4 rule add priority 91 iif net1 lookup 100',
    'IPv4: oif net2: lookup 100 | ip -4 rule add priority 92 oif net2 lookup 100',
    'IPv4: fwmark 0x67776f: lookup 100 | ip -4 rule add priority 93 fwmark 0x67776f lookup 100',
  ]);
  expect(policyChanges('IPv6', found([]), wanted)[0]).toMatchObject({
    failure: "the routing rule 'iif net1 unreachable' cannot be added",
    command: 'ip -6 rule add priority 94 iif net1 unreachable'.split(' '),
  });
});

test.each<[string, object, readonly string[]]>([
  [
    'of an upstream that is none any more',
    all({ priority: 95, dst: '1.1.1.1', ipproto: 'udp', dport: 53, table: '100' }),
    [
      'IPv4: to 1.1.1.1 ipproto udp dport 53: lookup 100 removed | ip -4 rule del priority 95 to 1.1.1.1 ipproto udp dport 53 lookup 100',
    ],
  ],
  [
    'of a network that is none any more',
    all({ priority: 90, dst: '192.168.51.0', dstlen: 24, table: 'main' }),
    ['IPv4: to 192.168.51.0/24: lookup main removed | ip -4 rule del priority 90 to 192.168.51.0/24 lookup main'],
  ],
  [
    'of some ports',
    all({ priority: 95, dst: '203.0.113.53', ipproto: 'udp', dport: 53, dport_mask: '0xfff0', table: '100' }),
    [],
  ],
  ['of another priority', all({ priority: 97, iif: 'net1', table: '100' }), []],
  ['that does something else', all({ priority: 91, iif: 'eth0', table: '200' }), []],
  ['for certain sources', { priority: 91, src: '10.0.0.7', iif: 'eth0', table: '100' }, []],
])('a policy %s', (_, policy, changes) => {
  expect(text(policyChanges('IPv4', found([...SHOWN, policy]), wanted))).toEqual(changes);
});

test('what is missing is added before what is left is removed', () => {
  const moved = SHOWN.map((rule) => (rule.priority === 90 ? { ...rule, dst: '192.168.51.0' } : rule));
  expect(policyChanges('IPv4', found(moved), wanted).map(({ what }) => what)).toEqual([
    'IPv4: to 192.168.50.0/24: lookup main',
    'IPv4: to 192.168.51.0/24: lookup main removed',
  ]);
});

test('without an answer nothing is known', () => {
  expect(parsePolicies(undefined)).toEqual([]);
  expect(parsePolicies('')).toEqual([]);
});
