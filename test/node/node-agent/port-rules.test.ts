import { expect, test } from 'vitest';
import { parseAttachment } from '../../../fn/node/node-agent/attachment.ts';
import { judge } from '../../../fn/node/node-agent/identities.ts';
import { portRules } from '../../../fn/node/node-agent/port-rules.ts';
import { entry, type Given, NETWORK, port } from './given.ts';

function rules(given: Readonly<Record<string, Given>>, vxlan?: string): string {
  const ports = Object.keys(given).map((name, index) => port(name, { index: 10 + index }));
  const attachments = Object.entries(given).flatMap(([name, each]) => parseAttachment(entry(name, each)) ?? []);
  const { bound } = judge(NETWORK, 'egress', ports, attachments);
  return portRules({ table: 'gwn_vpn_ports', group: 10000007, vxlan }, bound);
}

/** The rules between the first lines and the last. */
const given = (text: string) => text.slice(text.indexOf('given {\n') + 8, text.indexOf('\t}\n'));

test('without a pod nothing comes from one', () => {
  expect(rules({}, 'gwvpn-vx')).toBe(`add table bridge gwn_vpn_ports
delete table bridge gwn_vpn_ports
table bridge gwn_vpn_ports {
	chain given {
		counter drop comment "from-unknown-port"
	}
	chain prerouting {
		type filter hook prerouting priority filter - 5; policy accept;
		iifname != "gwvpn-vx" iifgroup 10000007 jump given comment "from a pod"
	}
}
`);
});

test('ports are held to their MAC addresses and their addresses', () => {
  const text = rules({
    veth2: { addresses: ['192.168.50.17/24'], mac: '06:00:00:00:0a:12' },
    veth1: {},
    veth0: { network: 'egress.vpn-router-0', namespace: 'egress', mac: '0a:00:00:00:00:13' },
  });
  expect(text).toBe(`add table bridge gwn_vpn_ports
delete table bridge gwn_vpn_ports
table bridge gwn_vpn_ports {
	chain given {
		iifname . ether saddr { "veth0" . 0a:00:00:00:00:13 } arp operation request iifname . arp saddr ether { "veth0" . 0a:00:00:00:00:13 } arp saddr ip 0.0.0.0 iifname . arp daddr ip { "veth0" . 192.0.0.8, "veth0" . 192.168.50.1, "veth0" . 192.168.50.2 } accept comment "a router asks"
		iifname . ether saddr { "veth0" . 0a:00:00:00:00:13 } icmpv6 type nd-neighbor-solicit ip6 nexthdr icmpv6 ip6 length 32 iifname . @th,64,128 { "veth0" . 0xfd000050000000000000000000000001 } @th,192,8 1 iifname . @th,208,48 { "veth0" . 0x0a0000000013 } accept comment "a router asks"
		iifname . ether saddr != { "veth2" . 06:00:00:00:0a:12, "veth1" . 02:00:00:00:00:11, "veth0" . 02:3c:00:00:00:01 } counter drop comment "spoofed-mac"
		ether type arp arp htype != 1 counter drop comment "arp-hardware-type"
		ether type arp iifname . arp saddr ether != { "veth2" . 06:00:00:00:0a:12, "veth1" . 02:00:00:00:00:11, "veth0" . 02:3c:00:00:00:01 } counter drop comment "spoofed-arp-mac"
		ether type arp iifname . arp saddr ip != { "veth2" . 0.0.0.0, "veth2" . 192.168.50.17, "veth1" . 0.0.0.0, "veth1" . 192.168.50.16, "veth0" . 0.0.0.0, "veth0" . 192.168.50.1, "veth0" . 192.168.50.2 } counter drop comment "spoofed-arp-address"
		iifname { "veth2", "veth1" } iifname . ip saddr != { "veth2" . 192.168.50.17, "veth1" . 192.168.50.16 } counter drop comment "spoofed-source"
		iifname { "veth2", "veth1" } iifname . ip6 saddr != { "veth2" . ::, "veth2" . fe80::0400:00ff:fe00:0a12, "veth1" . ::, "veth1" . fe80::0000:00ff:fe00:0011, "veth1" . fd00:50::16 } counter drop comment "spoofed-source"
		iifname { "veth2", "veth1" } icmpv6 type { nd-router-advert, nd-redirect } counter drop comment "router-advertisement"
		icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 nexthdr != icmpv6 counter drop comment "malformed-nd"
		icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 length != { 24, 32 } counter drop comment "malformed-nd"
		iifname { "veth0" } icmpv6 type nd-neighbor-advert @th,64,16 != 0xfe80 iifname . @th,64,128 != { "veth0" . 0xfe80000000000000003c00fffe000001, "veth0" . 0xfd000050000000000000000000000001 } counter drop comment "spoofed-nd-address"
		iifname { "veth2", "veth1" } icmpv6 type nd-neighbor-advert iifname . @th,64,128 != { "veth2" . 0xfe80000000000000040000fffe000a12, "veth1" . 0xfe80000000000000000000fffe000011, "veth1" . 0xfd000050000000000000000000000016 } counter drop comment "spoofed-nd-address"
		icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } @th,192,8 { 1, 2 } iifname . @th,208,48 != { "veth2" . 0x060000000a12, "veth1" . 0x020000000011, "veth0" . 0x023c00000001 } counter drop comment "spoofed-nd-mac"
	}
	chain prerouting {
		type filter hook prerouting priority filter - 5; policy accept;
		iifgroup 10000007 jump given comment "from a pod"
	}
}
`);
});

test("a router asks with no MAC address that it chose, or that is another pod's or a router's", () => {
  const router = { network: 'egress.vpn-router-0', namespace: 'egress' };
  const asking = (mac: string, more: object = {}) =>
    rules({ veth1: {}, veth2: { ...router, mac, ...more } }).includes('a router asks');
  expect(asking('0a:00:00:00:00:13')).toBe(true);
  expect(asking('0a:00:00:00:00:13', { args: { mac: '0a:00:00:00:00:13' } })).toBe(false);
  expect(asking('02:00:00:00:00:11')).toBe(false);
  expect(asking('02:3c:00:00:00:02')).toBe(false);
});

test('clients without IPv4 have no rule of it, and a router alone is no client', () => {
  expect(given(rules({ veth1: { addresses: ['fd00:50::16/64'] } }))).not.toContain('ip saddr');
  const router = given(rules({ veth0: { network: 'egress.vpn-router-0', namespace: 'egress' } }));
  expect(router.match(/comment "[^"]*"/g)).toEqual(
    [
      'a router asks',
      'a router asks',
      'spoofed-mac',
      'arp-hardware-type',
      'spoofed-arp-mac',
      'spoofed-arp-address',
      'malformed-nd',
      'malformed-nd',
      'spoofed-nd-address',
      'spoofed-nd-mac',
    ].map((reason) => `comment "${reason}"`),
  );
});

test('an address that was given twice is there once, and each has all its digits', () => {
  const address = (text: string) => ({ text, family: 'IPv6', value: 0x64ff9b0000000000000000000000a0n }) as const;
  const identity = { network: 'own', isRouter: false, mac: 'fe:00:00:00:00:11' };
  const addresses = [address('64:ff9b::a0'), address('64:ff9b::a0')];
  const bound = [
    { ...identity, port: 'veth1', addresses },
    { ...identity, port: 'veth2', addresses: [{ text: '10.0.0.1', family: 'IPv4', value: 0x0a000001n } as const] },
  ];
  const text = portRules({ table: 'ports', group: 1, vxlan: undefined }, bound);
  for (const set of [
    'iifname . ip saddr != { "veth2" . 10.0.0.1 }',
    'iifname . ip6 saddr != { "veth1" . ::, "veth1" . fe80::fc00:00ff:fe00:0011, "veth1" . 64:ff9b::a0, "veth2" . ::, "veth2" . fe80::fc00:00ff:fe00:0011 }',
    'iifname . @th,64,128 != { "veth1" . 0xfe80000000000000fc0000fffe000011, "veth1" . 0x0064ff9b0000000000000000000000a0, "veth2" . 0xfe80000000000000fc0000fffe000011 }',
  ])
    expect(text).toContain(set);
});
