import { describe, expect, test } from 'vitest';
import { nodeRules } from '../../fn/render/node-rules.ts';
import { planOf } from '../plan/network.ts';

const SPEC = 'subnets: [192.168.50.0/24], interfaces: {bridge: gwbr0}';

test('the node neither tracks, serves nor routes the network', () => {
  expect(nodeRules(planOf(`{${SPEC}}`))).toBe(`add table inet gwn_egress.vpn
delete table inet gwn_egress.vpn
table inet gwn_egress.vpn {
	chain prerouting {
		type filter hook prerouting priority raw; policy accept;
		iifname "gwbr0" notrack comment "exempt from SNAT of the CNI and from kube-proxy"
	}
	chain input {
		type filter hook input priority filter - 10; policy accept;
		iifname { "gwbr0", "in-vpn-4gfy37" } counter drop comment "the node is not reachable from the network"
	}
	chain forward {
		type filter hook forward priority filter - 10; policy accept;
		iifname "gwbr0" oifname != "gwbr0" counter drop comment "the node is no way around the gateway"
		iifname != "gwbr0" oifname "gwbr0" counter drop comment "nor a way in"
		iifname "in-vpn-4gfy37" counter drop comment "a pod that is not on the network yet"
		oifname "in-vpn-4gfy37" counter drop comment "a pod that is not on the network yet"
	}
}
add table arp gwn_egress.vpn
delete table arp gwn_egress.vpn
table arp gwn_egress.vpn {
	chain input {
		type filter hook input priority filter; policy accept;
		iifname { "gwbr0", "in-vpn-4gfy37" } counter drop comment "the node's addresses are not on the network"
	}
}
add table bridge gwn_egress.vpn
delete table bridge gwn_egress.vpn
table bridge gwn_egress.vpn {
	chain guard {
		ether type != { arp, ip } counter drop comment "the network carries only IPv4, untagged"
		ether saddr { 02:3c:8d:5b:a3:55 } accept comment "a router"
		arp saddr ip { 192.168.50.1 } counter drop comment "only routers answer ARP for the gateway"
		ip saddr { 192.168.50.1 } counter drop comment "only routers send from the gateway's IPv4 address"
		ip saddr != 192.168.50.0/24 counter drop comment "an IPv4 source that is not of the network"
	}
	chain prerouting {
		type filter hook prerouting priority filter; policy accept;
		iifgroup 18977999 jump guard comment "from a port of this network"
	}
	chain forward {
		type filter hook forward priority filter; policy accept;
		iifgroup != 18977999 oifgroup 18977999 counter drop comment "from a port that is nobody's"
		iifgroup 18977999 oifgroup != 18977999 counter drop comment "to a port that is nobody's"
	}
	chain output {
		type filter hook output priority filter; policy accept;
		oifgroup 18977999 counter drop comment "the node says nothing on the network"
	}
}
`);
});

describe('with a RETURN rule in a chain of the CNI', () => {
  const spec = `{${SPEC}, nodeRules: {snatExemption: {type: ChainReturn, chainReturn: {chain: KIND-MASQ-AGENT}}}}`;

  test('connections are tracked', () => expect(nodeRules(planOf(spec))).not.toContain('notrack'));
  test('the node stays closed', () => expect(nodeRules(planOf(spec)).match(/drop/g)).toHaveLength(13));
});
