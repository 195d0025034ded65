import { expect, test } from 'vitest';
import { routerRules } from '../../fn/render/router-rules.ts';
import { planOf } from '../plan/network.ts';

test('an IPv4 router forwards the clients and nothing else', () => {
  expect(routerRules(planOf('{subnets: [192.168.50.0/24]}'))).toBe(`add table inet gateway
delete table inet gateway
table inet gateway {
	chain prerouting {
		type filter hook prerouting priority raw; policy accept;
		iifname "net1" ip saddr != 192.168.50.0/24 counter drop comment "foreign-source"
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state invalid counter drop comment "invalid-forwarded"
		tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu
		iifname "eth0" oifname "net1" ct state established,related accept
		iifname "net1" ip daddr 0.0.0.0/8 counter drop comment "cluster-destination"
		iifname "net1" ip daddr 10.0.0.0/8 counter drop comment "cluster-destination"
		iifname "net1" ip daddr 127.0.0.0/8 counter drop comment "cluster-destination"
		iifname "net1" ip daddr 169.254.0.0/16 counter drop comment "cluster-destination"
		iifname "net1" ip daddr 172.16.0.0/12 counter drop comment "cluster-destination"
		iifname "net1" ip daddr 192.168.0.0/16 counter drop comment "cluster-destination"
		iifname "net1" ip daddr 224.0.0.0/3 counter drop comment "cluster-destination"
		iifname "net1" oifname "eth0" ct state new tcp flags & (fin | syn | rst | ack) != syn counter reject with tcp reset comment "connection-of-former-router"
		iifname "net1" oifname "eth0" ip saddr 192.168.50.0/24 accept
		counter drop comment "not-forwarded"
	}
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "eth0" ip saddr 192.168.50.0/24 masquerade
	}
	chain input {
		type filter hook input priority filter; policy accept;
		iifname "eth0" ct state invalid counter drop comment "invalid-to-router"
		iifname "net1" icmp type { destination-unreachable, time-exceeded, parameter-problem, echo-request } accept
		iifname "net1" counter drop comment "to-router"
	}
}
`);
});

test('a dual-stack router has each rule for both families', () => {
  const rules = routerRules(planOf('{subnets: [192.168.50.0/24, "fd00:50::/64"]}'));
  expect(rules).toContain('iifname "net1" oifname "eth0" ip6 saddr fd00:50::/64 accept');
  expect(rules).toContain('oifname "eth0" ip6 saddr fd00:50::/64 masquerade');
  expect(rules).toContain('ip6 daddr fe80::/10 counter drop');
  expect(rules).toContain(
    'iifname "net1" ip6 saddr != fd00:50::/64 ip6 saddr != fe80::/10 ip6 saddr != :: counter drop',
  );
  expect(rules).toContain('echo-request, nd-neighbor-solicit, nd-neighbor-advert } accept');
  expect(rules).not.toContain('nd-router');
});

test('the networks of the cluster that the user names are the ones that are closed', () => {
  const rules = routerRules(planOf('{subnets: [192.168.50.0/24], cluster: {cidrs: [10.244.0.0/16, 10.244.8.0/24]}}'));
  expect(rules).toMatch(/daddr 0.0.0.0\/8 counter.*\n.*daddr 10.244.0.0\/16 counter.*\n.*daddr 127.0.0.0\/8 counter/);
  expect(rules).not.toContain('192.168.0.0/16');
});

const MIDDLE = /.*tcp flags & \(fin \| syn \| rst \| ack\) != syn counter (.*)\n/g;
const SEVERAL = 'gateway: {replicas: 2';
const VLAN =
  'egress: {type: Network, network: {attachment: {name: v}, addresses: [10.9.0.11/24, 10.9.0.12/24], gateways: [10.9.0.1]';
const VPN = 'egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: keys}}}}';
const RESET = 'reject with tcp reset comment "connection-of-former-router"';

test.each([
  ['the only router, in the cluster', '', RESET],
  ['the only router, with a tunnel', `gateway: {${VPN}`, undefined],
  ['the only router, by another network', `gateway: {${VLAN.replace(', 10.9.0.12/24', '')}}}}`, undefined],
  ['several routers, in the cluster', `${SEVERAL}}`, RESET],
  ['several routers, with a tunnel each', `${SEVERAL}, ${VPN}`, RESET],
  ['several routers, with an address each', `${SEVERAL}, ${VLAN}}}}`, RESET],
  [
    'several routers that share one',
    `${SEVERAL}, ${VLAN}, snatAddresses: [10.9.0.50]}}}`,
    'drop comment "connection-of-other-router"',
  ],
])('what becomes of connections that are not known: %s', (_, gateway, verdict) => {
  const rules = routerRules(planOf(`{subnets: [192.168.50.0/24], overlay: {vni: 7}, ${gateway}}`));
  expect([...rules.matchAll(MIDDLE)].map(([, each]) => each)).toEqual(verdict === undefined ? [] : [verdict]);
  // Nobody outside is answered.
  for (const [line] of rules.matchAll(MIDDLE)) expect(line).toMatch(/^\t\tiifname "net1" oifname "\w+" ct state new /);
});
