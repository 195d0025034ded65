import { expect, test } from 'vitest';
import { routerRules } from '../../fn/render/router-rules.ts';
import { planOf } from '../plan/network.ts';

/** The chains of that router's rules, by name. */
function chains(firewall: string, subnets = '[192.168.50.0/24, "fd00:50::/64"]'): Readonly<Record<string, string>> {
  const text = routerRules(planOf(`{subnets: ${subnets}, overlay: {vni: 7}, gateway: {firewall: ${firewall}}}`));
  return Object.fromEntries(
    [...text.matchAll(/^\tchain (\S+) \{\n(.*?)^\t\}$/gms)].map(([, name, rules = '']) => [
      name,
      rules.replaceAll(/^\t\t/gm, ''),
    ]),
  );
}

const BOTH = `{
  deny: [{cidrs: [203.0.113.0/24, "2001:db8::/32"]}, {protocol: TCP, ports: [25]}],
  allow: [{cidrs: [198.51.100.0/25, 198.51.100.128/25], protocol: TCP, ports: [443, 8000-8999, 8500, 9443]}, {protocol: ICMP}, {protocol: UDP}]
}`;

test('first what is denied, then what is allowed, and nothing else', () => {
  expect(chains(BOTH)['firewall']).toBe(`ip daddr 203.0.113.0/24 counter drop comment "spec.gateway.firewall.deny[0]"
ip6 daddr 2001:db8::/32 counter drop comment "spec.gateway.firewall.deny[0]"
tcp dport { 25 } counter drop comment "spec.gateway.firewall.deny[1]"
ip daddr 198.51.100.0/24 tcp dport { 443, 9443 } accept comment "spec.gateway.firewall.allow[0]"
ip daddr 198.51.100.0/24 tcp dport 8000-8999 accept comment "spec.gateway.firewall.allow[0]"
meta l4proto { 1, 58 } accept comment "spec.gateway.firewall.allow[1]"
meta l4proto udp accept comment "spec.gateway.firewall.allow[2]"
counter drop comment "not-in-firewall-allow"
`);
});

test('answers are held against the same lists, from the other end', () => {
  expect(chains(BOTH)['answers']).toBe(`ip saddr 203.0.113.0/24 counter drop comment "spec.gateway.firewall.deny[0]"
ip6 saddr 2001:db8::/32 counter drop comment "spec.gateway.firewall.deny[0]"
tcp sport { 25 } counter drop comment "spec.gateway.firewall.deny[1]"
ip saddr 198.51.100.0/24 tcp sport { 443, 9443 } accept comment "spec.gateway.firewall.allow[0]"
ip saddr 198.51.100.0/24 tcp sport 8000-8999 accept comment "spec.gateway.firewall.allow[0]"
meta l4proto { 1, 58 } accept comment "spec.gateway.firewall.allow[1]"
meta l4proto udp accept comment "spec.gateway.firewall.allow[2]"
counter drop comment "not-in-firewall-allow"
`);
});

test('where nothing is allowed by name, all is that is not denied', () => {
  expect(chains('{deny: [{protocol: SCTP, ports: [5060]}]}')['firewall']).toBe(
    'sctp dport { 5060 } counter drop comment "spec.gateway.firewall.deny[0]"\naccept\n',
  );
});

test('a destination with several networks of a family has a chain, so that no rule is written for each pair', () => {
  const { firewall, firewall_deny_0: own } = chains(
    '{deny: [{cidrs: [203.0.113.0/24, 198.51.100.7/32, "2001:db8::/32"], protocol: UDP, ports: [53, 1000-2000, 123]}]}',
  );
  expect(firewall).toBe(`ip daddr 198.51.100.7/32 jump firewall_deny_0
ip daddr 203.0.113.0/24 jump firewall_deny_0
ip6 daddr 2001:db8::/32 jump firewall_deny_0
accept
`);
  expect(own).toBe(`udp dport { 53, 123 } counter drop comment "spec.gateway.firewall.deny[0]"
udp dport 1000-2000 counter drop comment "spec.gateway.firewall.deny[0]"
`);
});

test('every packet of a connection goes through them, but errors about its packets', () => {
  const { forward = '' } = chains(BOTH);
  expect(forward.split('\n').filter((rule) => /jump|related/.test(rule))).toEqual([
    'iifname "eth0" oifname "net1" ct state related accept',
    'iifname "eth0" oifname "net1" ct state established jump answers',
    'iifname "net1" oifname "eth0" ip saddr 192.168.50.0/24 jump firewall',
    'iifname "net1" oifname "eth0" ip6 saddr fd00:50::/64 jump firewall',
  ]);
});

test('without lists there are no such chains', () => {
  expect(Object.keys(chains('{}'))).toEqual(['prerouting', 'forward', 'postrouting', 'input']);
});
