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
		iifname { "gwbr0", "in-vpn-4gfy37" } counter drop comment "to-node"
	}
	chain forward {
		type filter hook forward priority filter - 10; policy accept;
		iifname "gwbr0" oifname != "gwbr0" counter drop comment "out-through-node"
		iifname != "gwbr0" oifname "gwbr0" counter drop comment "in-through-node"
		iifname "in-vpn-4gfy37" counter drop comment "pod-not-admitted"
		oifname "in-vpn-4gfy37" counter drop comment "pod-not-admitted"
	}
}
add table arp gwn_egress.vpn
delete table arp gwn_egress.vpn
table arp gwn_egress.vpn {
	chain input {
		type filter hook input priority filter; policy accept;
		iifname { "gwbr0", "in-vpn-4gfy37" } counter drop comment "arp-to-node"
	}
}
add table bridge gwn_egress.vpn
delete table bridge gwn_egress.vpn
table bridge gwn_egress.vpn {
	chain guard {
		ether type != { arp, ip } counter drop comment "wrong-ether-type"
		ether saddr { 02:3c:8d:5b:a3:55 } accept comment "a router"
		arp saddr ip { 192.168.50.1 } counter drop comment "spoofed-gateway-arp"
		ip saddr { 192.168.50.1 } counter drop comment "spoofed-gateway"
		ip saddr != 192.168.50.0/24 counter drop comment "foreign-source"
	}
	chain prerouting {
		type filter hook prerouting priority filter; policy accept;
		iifgroup 18977999 jump guard comment "from a port of this network"
	}
	chain forward {
		type filter hook forward priority filter; policy accept;
		iifgroup != 18977999 oifgroup 18977999 counter drop comment "from-unknown-port"
		iifgroup 18977999 oifgroup != 18977999 counter drop comment "to-unknown-port"
	}
	chain output {
		type filter hook output priority filter; policy accept;
		oifgroup 18977999 counter drop comment "from-node"
	}
}
`);
});

describe('with a RETURN rule in a chain of the CNI', () => {
  const spec = `{${SPEC}, nodeRules: {snatExemption: {type: ChainReturn, chainReturn: {chain: KIND-MASQ-AGENT}}}}`;

  test('connections are tracked', () => expect(nodeRules(planOf(spec))).not.toContain('notrack'));
  test('the node stays closed', () => expect(nodeRules(planOf(spec)).match(/drop/g)).toHaveLength(13));
});
