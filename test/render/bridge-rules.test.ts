import { describe, expect, test } from 'vitest';
import { bridgeRules } from '../../fn/render/bridge-rules.ts';
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
    'ether type != { arp, ip, ip6 } counter drop comment "the network carries only IPv4 and IPv6, untagged"',
    'ether saddr { 02:3c:8d:5b:a3:55 } accept comment "a router"',
    'arp saddr ip { 192.168.50.1 } counter drop comment "only routers answer ARP for the gateway"',
    'ip saddr { 192.168.50.1 } counter drop comment "only routers send from the gateway\'s IPv4 address"',
    'ip saddr != 192.168.50.0/24 counter drop comment "an IPv4 source that is not of the network"',
    'ip6 saddr { fd00:50::1 } counter drop comment "only routers send from the gateway\'s IPv6 address"',
    'ip6 saddr != { fd00:50::/64, fe80::/10, :: } counter drop comment "an IPv6 source that is not of the network"',
    'icmpv6 type { nd-neighbor-advert, nd-redirect } @th,64,128 { 0xfd000050000000000000000000000001 } counter drop comment "only routers answer neighbour discovery for the gateway"',
    'icmpv6 type nd-router-advert counter drop comment "nobody advertises routes"',
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
    'arp saddr ip != { 192.168.50.1 } counter drop comment "a router answers ARP for itself alone"',
    'ip saddr 192.168.50.0/24 ip saddr != { 192.168.50.1 } counter drop comment "a router sends from no client\'s IPv4 address"',
    'ip6 saddr fd00:50::/64 ip6 saddr != { fd00:50::1 } counter drop comment "a router sends from no client\'s IPv6 address"',
    'icmpv6 type nd-neighbor-advert @th,64,16 != 0xfe80 @th,64,128 != { 0xfd000050000000000000000000000001 } counter drop comment "a router answers neighbour discovery for itself alone"',
    'icmpv6 type { nd-router-advert, nd-redirect } counter drop comment "not even a router advertises routes"',
    'ether type != { arp, ip, ip6 } counter drop comment "the network carries only IPv4 and IPv6, untagged"',
    'iifname "vx" ether saddr { 02:3c:8d:5b:a3:55 } jump far_router',
    'ether saddr { 02:3c:8d:5b:a3:55 } accept comment "a router"',
  ]);
});

test('with client isolation, frames go to a router or ask for one', () => {
  const spec = `{${DUAL}, gatewayAddresses: [192.168.50.254]}`;
  expect(rules(spec.replace('}', ', clientIsolation: Enabled}')).slice(rules(spec).length)).toEqual([
    'ether daddr { 02:3c:8d:5b:a3:55 } accept comment "to a router"',
    'arp daddr ip { 192.168.50.254 } accept comment "asks for a router"',
    'icmpv6 type nd-neighbor-solicit @th,64,128 { 0xfd000050000000000000000000000001 } accept comment "asks for a router"',
    'counter drop comment "clients do not reach each other"',
  ]);
});

test('the family that has no subnet is not carried', () => {
  expect(rules('{subnets: ["fd00:50::/64"]}').filter((rule) => /arp|ip /.test(rule))).toEqual([]);
  expect(rules('{subnets: [192.168.50.0/24]}').filter((rule) => /ip6|icmpv6/.test(rule))).toEqual([]);
});

test('routers with addresses of their own are believed like the gateway', () => {
  const plan = planOf(`{${DUAL}}`);
  const addresses = ['192.168.50.2/24', 'fd00:50::2/64'];
  const routers = plan.routers.map((router) => ({ ...router, addresses }));
  const other = {
    ...plan,
    routers: [...routers, ...routers.map((router) => ({ ...router, mac: '02:00:00:00:00:02' }))],
  };
  expect(bridgeRules(other)).toContain('ether saddr { 02:3c:8d:5b:a3:55, 02:00:00:00:00:02 } accept');
  expect(bridgeRules(other)).toContain('arp saddr ip { 192.168.50.1, 192.168.50.2 } counter drop');
  expect(bridgeRules(other)).toContain('ip6 saddr { fd00:50::1, fd00:50::2 } counter drop');
});

describe('every rule', () => {
  const text = bridgeRules(planOf(`{${DUAL}, clientIsolation: Enabled}`));
  const lines = text.split('\n').filter((line) => /\b(?:accept|drop)\b(?!;)/.test(line));

  test('says why', () => expect(lines.filter((line) => !/comment "[^"]{5,127}"$/.test(line))).toEqual([]));
  test('that drops counts', () => expect(lines.filter((line) => /(?<!counter) drop/.test(line))).toEqual([]));
});
