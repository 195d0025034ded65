import { describe, expect, it } from 'vitest';
import { sourceNatRules, destinationNatRules, spoofedSourceRules } from '../../fn/render/forward-rules.ts';
import { routerRules } from '../../fn/render/router-rules.ts';
import { planOf } from '../plan/network.ts';

const FORWARDS = `portForwards: [
  {protocol: TCP, port: 443, targetPort: 8443, to: {addresses: ["fd00:50::63", 192.168.50.99]}},
  {protocol: UDP, port: 53, to: {addresses: [192.168.50.99]}}]`;
const forwarding = (gateway = '') =>
  planOf(`{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}, cluster: {cidrs: [10.0.0.0/8]},
    gateway: {${FORWARDS}${gateway}}}`);

const VLAN = (snatAddresses: string) =>
  `, replicas: 2, egress: {type: Network, network: {attachment: {name: vlan}, addresses: [10.99.0.11/24, 10.99.0.12/24],
    gateways: [10.99.0.1]${snatAddresses}}}`;

describe('a port that is forwarded', () => {
  it('is one of the addresses that the router has on its egress', () => {
    expect(destinationNatRules(forwarding())).toEqual([
      'iifname "eth0" meta nfproto ipv4 fib daddr type local tcp dport 443 dnat ip to 192.168.50.99:8443 comment "spec.gateway.portForwards[0]"',
      'iifname "eth0" meta nfproto ipv6 fib daddr type local tcp dport 443 dnat ip6 to [fd00:50::63]:8443 comment "spec.gateway.portForwards[0]"',
      'iifname "eth0" meta nfproto ipv4 fib daddr type local udp dport 53 dnat ip to 192.168.50.99:53 comment "spec.gateway.portForwards[1]"',
    ]);
    expect(destinationNatRules(forwarding(VLAN('')))[2]).toMatch(
      /^iifname "net2" meta nfproto ipv4 fib daddr type local/,
    );
  });

  it('is called by nobody who says to be of the network', () => {
    expect(spoofedSourceRules(forwarding())).toEqual([
      'iifname "eth0" ip saddr 192.168.50.0/24 counter drop comment "spoofed-client-source"',
      'iifname "eth0" ip6 saddr fd00:50::/64 counter drop comment "spoofed-client-source"',
    ]);
  });

  const NEAR = [
    'oifname "net1" ct status dnat ip saddr 0.0.0.0/8 snat ip to 192.168.50.1 comment "else the reply goes around the gateway"',
    'oifname "net1" ct status dnat ip saddr 10.0.0.0/8 snat ip to 192.168.50.1 comment "else the reply goes around the gateway"',
    'oifname "net1" ct status dnat ip saddr 127.0.0.0/8 snat ip to 192.168.50.1 comment "else the reply goes around the gateway"',
    'oifname "net1" ct status dnat ip saddr 169.254.0.0/16 snat ip to 192.168.50.1 comment "else the reply goes around the gateway"',
    'oifname "net1" ct status dnat ip saddr 224.0.0.0/3 snat ip to 192.168.50.1 comment "else the reply goes around the gateway"',
    'oifname "net1" ct status dnat ip6 saddr fc00::/7 snat ip6 to fd00:50::1 comment "else the reply goes around the gateway"',
    'oifname "net1" ct status dnat ip6 saddr fe80::/10 snat ip6 to fd00:50::1 comment "else the reply goes around the gateway"',
    'oifname "net1" ct status dnat ip6 saddr ff00::/8 snat ip6 to fd00:50::1 comment "else the reply goes around the gateway"',
  ];
  it.each([
    ['of one router', '', NEAR],
    ['of routers that share connections', VLAN(', snatAddresses: [10.99.0.50]'), NEAR],
    ['of routers that share none', ', replicas: 2', 'all'],
    ['of routers with addresses of their own', VLAN(''), 'all'],
  ])('%s has the callers translated who would be answered by another way', (_, gateway, rules) => {
    const all = ['oifname "net1" ct status dnat masquerade comment "else another router gets the reply"'];
    expect(sourceNatRules(forwarding(gateway))).toEqual(rules === 'all' ? all : rules);
  });

  it('leaves no trace where there is none', () => {
    const plan = planOf('{subnets: [192.168.50.0/24]}');
    expect([...destinationNatRules(plan), ...spoofedSourceRules(plan), ...sourceNatRules(plan)]).toEqual([]);
    expect(routerRules(plan)).not.toContain('dnat');
  });
});
