import { describe, expect, test } from 'vitest';
import { bridgeRules } from '../../fn/render/bridge-rules.ts';
import type { NetworkPlan, RouterPlan } from '../../fn/plan/network-plan.ts';
import { planOf } from '../plan/network.ts';

const DUAL = 'subnets: [192.168.50.0/24, "fd00:50::/64"]';

/** The rules for frames of pods and other nodes, one a line. */
function rules(spec: string): readonly string[] {
  const text = bridgeRules(planOf(spec));
  return [...text.slice(0, text.indexOf('chain prerouting')).matchAll(/^\t\t(?!type filter hook)(.*)$/gm)].map(
    ([, rule]) => rule ?? '',
  );
}

test('both families of a network are guarded', () => {
  expect(rules(`{${DUAL}}`)).toEqual([
    'ether type != { arp, ip, ip6 } counter drop comment "wrong-ether-type"',
    'ether saddr { 02:3c:8d:5b:a3:55 } accept comment "a router"',
    'arp saddr ip { 192.168.50.1 } counter drop comment "spoofed-gateway-arp"',
    'ip saddr { 192.168.50.1 } counter drop comment "spoofed-gateway"',
    'ip saddr != 192.168.50.0/24 counter drop comment "foreign-source"',
    'ip6 saddr { fd00:50::1 } counter drop comment "spoofed-gateway"',
    'ip6 saddr != fd00:50::/64 ip6 saddr != fe80::/10 ip6 saddr != :: counter drop comment "foreign-source"',
    'icmpv6 type { nd-neighbor-advert, nd-redirect } @th,64,128 { 0xfd000050000000000000000000000001 } counter drop comment "spoofed-gateway-nd"',
    'icmpv6 type nd-router-advert counter drop comment "router-advertisement"',
  ]);
});

test('frames are looked at where they come in, and nothing passes between a port with the group and one without', () => {
  const text = bridgeRules(planOf(`{${DUAL}}`));
  expect(text).toContain('hook prerouting priority filter; policy accept;\n\t\tiifgroup 18977999 jump guard');
  expect(text).toContain('iifgroup != 18977999 oifgroup 18977999 counter drop');
  expect(text).toContain('iifgroup 18977999 oifgroup != 18977999 counter drop');
});

test('what comes from another node with the MAC of a router is what routers send', () => {
  const first = rules(`{${DUAL}, overlay: {vni: 1000}, interfaces: {vxlan: vx}}`);
  expect(first.slice(0, 8)).toEqual([
    'arp saddr ip != { 192.168.50.1 } counter drop comment "router-arp-for-client"',
    'ip saddr 192.168.50.0/24 ip saddr != { 192.168.50.1 } counter drop comment "router-with-client-source"',
    'ip6 saddr fd00:50::/64 ip6 saddr != { fd00:50::1 } counter drop comment "router-with-client-source"',
    'icmpv6 type nd-neighbor-advert @th,64,16 != 0xfe80 @th,64,128 != { 0xfd000050000000000000000000000001 } counter drop comment "router-nd-for-client"',
    'icmpv6 type { nd-router-advert, nd-redirect } counter drop comment "router-advertisement"',
    'ether type != { arp, ip, ip6 } counter drop comment "wrong-ether-type"',
    'iifname "vx" ether saddr { 02:3c:8d:5b:a3:55 } jump far_router',
    'ether saddr { 02:3c:8d:5b:a3:55 } accept comment "a router"',
  ]);
});

test('with client isolation, frames go to a router or ask for one', () => {
  const spec = `{${DUAL}, gatewayAddresses: [192.168.50.254]}`;
  expect(rules(spec.replace('}', ', clientIsolation: Enabled}')).slice(rules(spec).length)).toEqual([
    'ether daddr { 02:3c:8d:5b:a3:55 } accept comment "to a router"',
    'arp daddr ip { 192.168.50.254 } accept comment "asks for the MAC address of a router"',
    'icmpv6 type nd-neighbor-solicit @th,64,128 { 0xfd000050000000000000000000000001 } accept comment "asks for the MAC address of a router"',
    'counter drop comment "client-isolation"',
  ]);
});

test('the family that has no subnet is not carried', () => {
  expect(rules('{subnets: ["fd00:50::/64"]}').filter((rule) => /arp|ip /.test(rule))).toEqual([]);
  expect(rules('{subnets: [192.168.50.0/24]}').filter((rule) => /ip6|icmpv6/.test(rule))).toEqual([]);
});

test('routers with addresses of their own are believed like the gateway', () => {
  const plan = planOf(`{${DUAL}}`);
  const addresses: RouterPlan['addresses'] = [
    { family: 'IPv4', value: 0xc0a83202n, length: 24 },
    { family: 'IPv6', value: 0xfd000050_00000000_00000000_00000002n, length: 64 },
  ];
  const router = { ...plan.routers[0], addresses };
  const other: NetworkPlan = { ...plan, routers: [router, { ...router, mac: '02:00:00:00:00:02' }] };
  expect(bridgeRules(other)).toContain('ether saddr { 02:3c:8d:5b:a3:55, 02:00:00:00:00:02 } accept');
  expect(bridgeRules(other)).toContain('arp saddr ip { 192.168.50.1, 192.168.50.2 } counter drop');
  expect(bridgeRules(other)).toContain('ip6 saddr { fd00:50::1, fd00:50::2 } counter drop');
});

describe('every rule', () => {
  const text = bridgeRules(planOf(`{${DUAL}, clientIsolation: Enabled}`));
  const lines = text.split('\n').filter((line) => /\b(?:accept|drop)\b(?!;)/.test(line));

  test('says why', () => expect(lines.filter((line) => !/comment "[^"]{5,127}"$/.test(line))).toEqual([]));
  test('that drops says so by an id', () =>
    expect(lines.filter((line) => !/ accept |drop comment "[a-z]+(?:-[a-z]+)*"$/.test(line))).toEqual([]));
  test('that drops counts', () => expect(lines.filter((line) => /(?<!counter) drop/.test(line))).toEqual([]));
});
