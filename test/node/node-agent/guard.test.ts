import { expect, test } from 'vitest';
import type { Overlay } from '../../../fn/node/config/agent-config.ts';
import { type Allowed, type Guarded, guardRules, leaversOf, networksOf } from '../../../fn/node/node-agent/guard.ts';

const OVERLAY: Overlay = { device: 'gwvpn-vx', vni: 1000, port: 4799, family: 'IPv4', flooding: { type: 'Listed' } };
const GUARDED: Guarded = {
  table: 'gwn_vpn_overlay',
  overlay: OVERLAY,
  underlay: { device: 'eth0', source: '172.18.0.11' },
  hostIp: '172.18.0.11',
  allowed: ['172.18.0.12', '172.18.0.13'],
};

test('packets are taken from hosts by the underlay, and are their own', () => {
  expect(guardRules(GUARDED)).toBe(`add table inet gwn_vpn_overlay
delete table inet gwn_vpn_overlay
table inet gwn_vpn_overlay {
	chain fragments {
		type filter hook prerouting priority -450; policy accept;
		iifname { "eth0", "lo" } accept
		ip saddr { 172.18.0.12, 172.18.0.13 } ip frag-off & 0x3fff != 0 counter drop comment "fragment-outside-underlay"
	}
	chain guard {
		iifname != "eth0" counter drop comment "vxlan-outside-underlay"
		ct status snat,dnat counter drop comment "vxlan-translated"
		ip saddr { 172.18.0.12, 172.18.0.13 } accept
		counter drop comment "vxlan-from-unknown-host"
	}
	chain input {
		type filter hook input priority filter - 10; policy accept;
		udp dport 4799 @th,96,24 1000 jump guard
	}
	chain forward {
		type filter hook forward priority filter - 10; policy accept;
		iifname != "eth0" oifname "eth0" udp dport 4799 @th,96,24 1000 counter drop comment "vxlan-from-pod"
		ip daddr { 172.18.0.12, 172.18.0.13 } iifname != "eth0" udp dport 4799 counter drop comment "to-vxlan-port-from-pod"
		ct status dnat udp dport 4799 @th,96,24 1000 counter drop comment "vxlan-through-service"
	}
	chain postrouting {
		type filter hook postrouting priority srcnat + 10; policy accept;
		ip saddr { 172.18.0.11 } ct original ip saddr != { 172.18.0.11 } udp dport 4799 @th,96,24 1000 counter drop comment "vxlan-from-other-program"
		ip daddr { 172.18.0.12, 172.18.0.13 } ip saddr { 172.18.0.11 } ct original ip saddr != { 172.18.0.11 } udp dport 4799 counter drop comment "to-vxlan-port-from-other-program"
	}
}
`);
});

/** The lines of a chain. */
function chain(name: string, given: Partial<Guarded>): readonly string[] {
  const text = guardRules({ ...GUARDED, ...given }).split(`\tchain ${name} {\n`)[1] ?? '';
  return text.split('\t}\n')[0]?.trim().split('\n\t\t') ?? [];
}

test.each<readonly [Allowed, readonly string[]]>([
  ['any', ['accept']],
  [[], ['counter drop comment "vxlan-from-unknown-host"']],
  [
    ['172.18.0.0/24', '172.18.0.12', '172.19.0.0/16'],
    [
      'ip saddr 172.18.0.0/24 accept',
      'ip saddr 172.19.0.0/16 accept',
      'ip saddr { 172.18.0.12 } accept',
      'counter drop comment "vxlan-from-unknown-host"',
    ],
  ],
])('where %j are allowed', (allowed, expected) => {
  expect(chain('guard', { allowed }).slice(2)).toEqual(expected);
});

test('fragments of anybody are taken where all are allowed', () => {
  expect(chain('fragments', { allowed: 'any' }).slice(1)).toEqual(['iifname { "eth0", "lo" } accept']);
});

const IPV6: Partial<Guarded> = {
  overlay: { ...OVERLAY, family: 'IPv6' },
  underlay: { device: 'eth0', source: 'fd00:18::11' },
  hostIp: 'fd00:18::11',
  allowed: ['fd00:18::12'],
};

test('rules of IPv6 are of IPv6', () => {
  expect(chain('fragments', IPV6).at(-1)).toBe(
    'ip6 saddr { fd00:18::12 } exthdr frag exists counter drop comment "fragment-outside-underlay"',
  );
  expect(chain('postrouting', IPV6)[1]).toMatch(
    /^ip6 saddr \{ fd00:18::11 \} ct original ip6 saddr != \{ fd00:18::11 \} udp/,
  );
});

test.each<readonly [string, Partial<Guarded>, string]>([
  ['its address of another family', { hostIp: 'fd00:18::11' }, '172.18.0.11'],
  ['another address of the family', { hostIp: '10.0.0.11' }, '172.18.0.11, 10.0.0.11'],
  ['another address of IPv6', { ...IPV6, hostIp: 'fd00::11' }, 'fd00:18::11, fd00::11'],
])('a node that Kubernetes knows by %s', (_, given, ours) => {
  expect(chain('postrouting', given)[1]).toContain(` saddr { ${ours} } ct original `);
});

test('the networks of the underlay are those that no router leads to', () => {
  expect(
    networksOf([
      { dst: 'default', gateway: '172.18.0.1' },
      { dst: 'fd00:18::/64' },
      { dst: '172.18.0.0/24' },
      { dst: '172.18.0.0/24' },
      { dst: 'fe80::/64' },
      { dst: '10.0.0.0/8', gateway: '172.18.0.1' },
      { dst: '10.1.0.0/16', via: { family: 'inet6', host: 'fe80::1' } },
      { dst: 'default' },
      {},
    ]),
  ).toEqual(['172.18.0.0/24', 'fd00:18::/64']);
});

test.each<readonly [Allowed, readonly string[], readonly string[], readonly string[]]>([
  [['a', 'b', 'c'], ['a'], ['c', 'd'], ['c']],
  [['a', 'b'], ['a', 'b'], ['a', 'b'], []],
  [['a', 'b'], ['a'], [], []],
  ['any', ['a'], ['b'], []],
])('of %j allowed before, where %j are wanted and %j sent to, %j stay for a while', (before, wanted, actual, left) => {
  expect(leaversOf(before, wanted, () => actual)).toEqual(left);
});

test('the kernel is not asked where nobody leaves', () => {
  const ask = () => {
    throw new Error('asked');
  };
  expect([leaversOf(['a'], ['a', 'b'], ask), leaversOf('any', [], ask)]).toEqual([[], []]);
});
