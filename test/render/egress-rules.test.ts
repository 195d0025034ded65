import { expect, test } from 'vitest';
import { parseInterfaceAddress } from '../../fn/net/interface-address.ts';
import { routerAttachment } from '../../fn/render/attachment.ts';
import { routerData } from '../../fn/render/router-data.ts';
import { routerRules } from '../../fn/render/router-rules.ts';
import { routers } from '../../fn/render/router.ts';
import { planOf } from '../plan/network.ts';

const network = (subnets: string, addresses: string, gateways: string, more = '') =>
  planOf(
    `{subnets: ${subnets}, overlay: {vni: 7}, cluster: {cidrs: [10.244.0.0/16]}, gateway: {egress: {type: Network, network: {attachment: {name: vlan99, namespace: net}, addresses: ${addresses}, gateways: ${gateways}${more}}}}}`,
  );
const IPV4 = network('[192.168.50.0/24]', '[10.99.0.11/24]', '[10.99.0.1]', ', snatAddresses: [10.99.0.50]');
const DUAL = network(
  '[192.168.50.0/24, "fd00:50::/64"]',
  '[10.99.0.11/24, "fd00:99::11/64"]',
  '["fd00:99::1", 10.99.0.1]',
);

test('a router with an egress by another network', () => {
  expect(routerRules(IPV4)).toBe(`add table inet gateway
delete table inet gateway
table inet gateway {
	chain prerouting {
		type filter hook prerouting priority raw; policy accept;
		iifname "net2" meta mark set 0x67776f
		iifname "net1" ip saddr != 192.168.50.0/24 counter drop comment "foreign-source"
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state invalid counter drop comment "invalid-forwarded"
		tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu
		iifname "net2" oifname "net1" ct state established,related accept
		iifname "net1" ip daddr 0.0.0.0/8 counter drop comment "cluster-destination"
		iifname "net1" ip daddr 10.244.0.0/16 counter drop comment "cluster-destination"
		iifname "net1" ip daddr 127.0.0.0/8 counter drop comment "cluster-destination"
		iifname "net1" ip daddr 169.254.0.0/16 counter drop comment "cluster-destination"
		iifname "net1" ip daddr 224.0.0.0/3 counter drop comment "cluster-destination"
		iifname "net1" oifname "net2" ip saddr 192.168.50.0/24 accept
		counter drop comment "not-forwarded"
	}
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "net2" ip saddr 192.168.50.0/24 snat ip to 10.99.0.50
	}
	chain input {
		type filter hook input priority filter; policy accept;
		iifname "net2" ct state invalid counter drop comment "invalid-to-router"
		iifname "net1" icmp type { destination-unreachable, time-exceeded, parameter-problem, echo-request } accept
		iifname "net1" counter drop comment "to-router"
		iifname "net2" fib daddr . iif type != { local, broadcast, multicast } counter drop comment "to-address-of-other-interface"
		iifname "net2" ct state established,related accept
		iifname "net2" icmp type { destination-unreachable, time-exceeded, parameter-problem, echo-request } accept
		iifname "net2" icmpv6 type { packet-too-big, destination-unreachable, time-exceeded, parameter-problem, echo-request, nd-neighbor-solicit, nd-neighbor-advert } accept
		iifname "net2" counter drop comment "to-router-on-egress"
	}
	chain cluster {
		udp dport 53 accept comment "the cluster's DNS"
		tcp dport 53 accept comment "the cluster's DNS"
		ct direction reply ct state established,related accept comment "replies to the cluster"
	}
	chain output {
		type filter hook output priority filter; policy drop;
		oifname { "lo", "net1", "net2" } accept
		oifname "eth0" ip daddr 0.0.0.0/8 jump cluster
		oifname "eth0" ip daddr 10.244.0.0/16 jump cluster
		oifname "eth0" ip daddr 127.0.0.0/8 jump cluster
		oifname "eth0" ip daddr 169.254.0.0/16 jump cluster
		oifname "eth0" ip daddr 224.0.0.0/3 jump cluster
		oifname "eth0" ip6 daddr fc00::/7 jump cluster
		oifname "eth0" ip6 daddr fe80::/10 jump cluster
		oifname "eth0" ip6 daddr ff00::/8 jump cluster
		oifname "eth0" icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld2-listener-report } accept
		counter drop comment "router-outside-egress"
	}
}
`);
});

test('the program is told of the network and its gateways', () => {
  expect(routerData(DUAL)).toMatchObject({
    egress: { type: 'Network', interface: 'net2' },
    egressRoutes: { networks: ['10.99.0.0/24', 'fd00:99::/64'], nextHops: ['10.99.0.1', 'fd00:99::1'] },
  });
});

test('the only router has the address that clients share beside its own', () => {
  expect(IPV4.routers[0].egressAddresses).toEqual(['10.99.0.11/24', '10.99.0.50/24'].map(parseInterfaceAddress));
  expect(DUAL.routers[0].egressAddresses).toEqual(['10.99.0.11/24', 'fd00:99::11/64'].map(parseInterfaceAddress));
});

test('its pod is attached to the network first, then to that of the egress', () => {
  const annotations = routers(IPV4).flatMap(({ kind, ...rest }) =>
    kind === 'Deployment' && 'spec' in rest ? [JSON.stringify(rest.spec)] : [],
  );
  expect(annotations.join('')).toContain('"k8s.v1.cni.cncf.io/networks":"vpn-router-0@net1, net/vlan99@net2"');
});

const sysctls = (plan: typeof IPV4) =>
  JSON.parse(routerAttachment(plan, plan.routers[0]).spec.config).plugins[1].sysctl;

test('what is set by default holds for the interface that the user attaches', () => {
  expect(sysctls(IPV4)).toEqual({
    'net.ipv4.ip_forward': '1',
    'net.ipv4.conf.all.send_redirects': '0',
    'net.ipv4.conf.net1.send_redirects': '0',
    'net.ipv4.conf.net1.arp_notify': '1',
    'net.ipv4.conf.all.rp_filter': '2',
    'net.ipv4.fwmark_reflect': '1',
    'net.ipv4.conf.default.arp_ignore': '1',
    'net.ipv4.conf.default.arp_announce': '2',
    'net.ipv4.conf.default.accept_redirects': '0',
    'net.ipv4.conf.default.send_redirects': '0',
    'net.ipv4.conf.default.arp_notify': '1',
    'net.ipv4.ping_group_range': '0 0',
  });
  expect(sysctls(DUAL)).toMatchObject({ 'net.ipv6.fwmark_reflect': '1', 'net.ipv6.conf.default.accept_ra': '0' });
});

test('echo requests need no privilege, whatever is asked for later', () => {
  const range = 'net.ipv4.ping_group_range';
  for (const subnet of ['192.168.50.0/24', '"fd00:50::/64"'])
    expect(sysctls(planOf(`{subnets: [${subnet}], overlay: {vni: 7}}`))[range]).toBe('0 0');
});
