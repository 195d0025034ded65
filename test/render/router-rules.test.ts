import { expect, test } from 'vitest';
import { routerRules } from '../../fn/render/router-rules.ts';
import { planOf } from '../plan/network.ts';

test('an IPv4 router forwards the clients and nothing else', () => {
  expect(routerRules(planOf('{subnets: [192.168.50.0/24]}'))).toBe(`add table inet gateway
delete table inet gateway
table inet gateway {
	set cluster_ipv4 {
		type ipv4_addr; flags interval; auto-merge
		elements = { 0.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16, 224.0.0.0/3, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 }
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu
		iifname "eth0" oifname "net1" ct state established,related accept
		ip daddr @cluster_ipv4 counter drop comment "the cluster is not behind the gateway"
		iifname "net1" oifname "eth0" ip saddr 192.168.50.0/24 accept
	}
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "eth0" ip saddr 192.168.50.0/24 masquerade
	}
	chain input {
		type filter hook input priority filter; policy accept;
		iifname "net1" ct state established,related accept
		iifname "net1" meta l4proto { icmp, ipv6-icmp } accept
		iifname "net1" counter drop comment "the router serves nothing on the network"
	}
}
`);
});

test('a dual-stack router has each rule for both families', () => {
  const rules = routerRules(planOf('{subnets: [192.168.50.0/24, "fd00:50::/64"]}'));
  expect(rules).toContain('elements = { fe80::/10, ff00::/8, fc00::/7 }');
  expect(rules).toContain('iifname "net1" oifname "eth0" ip6 saddr fd00:50::/64 accept');
  expect(rules).toContain('oifname "eth0" ip6 saddr fd00:50::/64 masquerade');
  expect(rules).toContain('ip6 daddr @cluster_ipv6 counter drop');
});

test('the networks of the cluster that the user names are the ones that are closed', () => {
  const rules = routerRules(planOf('{subnets: [192.168.50.0/24], cluster: {cidrs: [10.244.0.0/16]}}'));
  expect(rules).toContain('224.0.0.0/3, 10.244.0.0/16 }');
  expect(rules).not.toContain('192.168.0.0/16');
});
