import { expect, test } from 'vitest';
import { inboundRules } from '../../fn/render/inbound-rules.ts';
import { planOf } from '../plan/network.ts';

test('only answers and what stays in the cluster leave by the primary interface, of both families', () => {
  expect(inboundRules(planOf('{subnets: [192.168.50.0/24], cluster: {cidrs: [10.0.0.0/8]}}'))).toMatchInlineSnapshot(`
    "add table inet gateway_inbound
    delete table inet gateway_inbound
    table inet gateway_inbound {
    	chain postrouting {
    		type filter hook postrouting priority 300; policy accept;
    		oifname != "eth0" accept
    		ct direction reply accept comment "replies to inbound connections"
    		ip daddr 0.0.0.0/8 accept comment "stays in the cluster"
    		ip daddr 10.0.0.0/8 accept comment "stays in the cluster"
    		ip daddr 127.0.0.0/8 accept comment "stays in the cluster"
    		ip daddr 169.254.0.0/16 accept comment "stays in the cluster"
    		ip daddr 224.0.0.0/3 accept comment "stays in the cluster"
    		ip6 daddr fc00::/7 accept comment "stays in the cluster"
    		ip6 daddr fe80::/10 accept comment "stays in the cluster"
    		ip6 daddr ff00::/8 accept comment "stays in the cluster"
    		icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept
    		meta nfproto { ipv4, ipv6 } counter drop comment "around-gateway"
    	}
    }
    "
  `);
});

test('a family that goes around the network is let through', () => {
  const bypassed = inboundRules(planOf('{subnets: [192.168.50.0/24], unservedFamily: Bypass}'));
  expect(bypassed).toContain('meta nfproto { ipv4 } counter drop');
  expect(bypassed).not.toContain('ip6 daddr');
});
