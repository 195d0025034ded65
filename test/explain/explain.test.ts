import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isRendered, type Manifest } from '../../fn/changes/manifest.ts';
import { sideOf } from '../../fn/changes/side.ts';
import { explain } from '../../fn/explain/explain.ts';
import type { Explanation } from '../../fn/explain/explanation.ts';
import type { Packet } from '../../fn/explain/packet.ts';
import { formatExplanation } from '../../fn/explain/text.ts';
import { read } from '../../fn/krm/read.ts';
import { parseAddress } from '../../fn/net/address.ts';
import { run } from '../../fn/run.ts';
import { plain } from '../../fn/status/paint.ts';
import { ROOT } from '../commands/command.ts';
import { example } from '../datapath/bed/example.ts';

function manifestsOf(source: string): readonly Manifest[] {
  const outcome = run(read(source));
  expect(outcome.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return sideOf(outcome, undefined).manifests;
}

const workloadsOf = (manifests: readonly Manifest[]) =>
  manifests.filter(({ metadata }) => metadata.labels?.['gatewaynetwork.dev/network'] === undefined);

function explained(source: string, to: string, packet: Omit<Packet, 'destination'> = {}): readonly Explanation[] {
  const manifests = manifestsOf(source);
  const destination = parseAddress(to);
  if (destination === undefined) throw new Error(`${to} is no address`);
  return explain(manifests, workloadsOf(manifests), { destination, ...packet }, true);
}

test('labels that are no map are those of an object of others', () => {
  const labelled = (labels: string) => ({ metadata: { labels } }) as unknown as Manifest;
  expect(['x', '5', 'null', '[]'].map((labels) => isRendered(labelled(labels)))).toEqual([false, false, false, false]);
});

const VLAN = example('untrusted-vlan');
const TCP = (port: number) => ({ protocol: 'TCP' as const, port });

test.each<readonly [string, string, Omit<Packet, 'destination'>, Explanation['outcome'], string, string | undefined]>([
  [
    VLAN,
    '203.0.113.5',
    TCP(443),
    'gateway',
    'leaves by the gateway of egress/untrusted, as 10.99.0.50',
    'route default via 10.99.0.1 dev net2, in the routing table 100',
  ],
  [
    VLAN,
    '2001:db8::5',
    TCP(8500),
    'gateway',
    'leaves by the gateway of egress/untrusted, as fd00:99::50',
    'tcp dport 8000-8999 accept comment "spec.gateway.firewall.allow[0]"',
  ],
  [
    VLAN,
    '203.0.113.5',
    TCP(25),
    'dropped',
    'dropped by the router: not-in-firewall-allow',
    'counter drop comment "not-in-firewall-allow"',
  ],
  [
    VLAN,
    '10.99.0.7',
    {},
    'dropped',
    'dropped by the router: spec.gateway.firewall.deny[0]',
    'ip daddr 10.99.0.0/24 counter drop comment "spec.gateway.firewall.deny[0]"',
  ],
  [
    VLAN,
    'fd00:99::7',
    TCP(443),
    'dropped',
    'dropped by the router: spec.gateway.firewall.deny[0]',
    'ip6 daddr fd00:99::/64 counter drop comment "spec.gateway.firewall.deny[0]"',
  ],
  [
    VLAN,
    '203.0.113.5',
    {},
    'depends',
    'depends on protocol and port; what passes leaves by the gateway of egress/untrusted, as 10.99.0.50',
    'meta l4proto { 1, 58 } accept comment "spec.gateway.firewall.allow[2]"',
  ],
  [
    VLAN,
    '10.96.0.10',
    {},
    'primary',
    'stays on the primary network, not by the gateway (spec.cluster.cidrs)',
    'config.json of the agents: primary.IPv4 has 10.96.0.0/16 (spec.cluster.cidrs)',
  ],
  [
    VLAN,
    '169.254.169.254',
    {},
    'primary',
    'stays on the primary network, not by the gateway (spec.cluster.cidrs)',
    'link-local addresses are reached without a router',
  ],
  [
    VLAN,
    '192.168.50.1',
    { protocol: 'ICMP' },
    'router',
    'reaches the router itself',
    'the subnet 192.168.50.0/24 of net1',
  ],
  [
    VLAN,
    '192.168.50.1',
    TCP(22),
    'dropped',
    'dropped by the router: to-router',
    'iifname "net1" counter drop comment "to-router"',
  ],
  [
    VLAN,
    'fd00:50::99',
    {},
    'client',
    'reaches fd00:50::99, if a client has it, without the gateway',
    'the subnet fd00:50::/64 of net1',
  ],
  [
    example('untrusted-vlan', { clientIsolation: 'Enabled' }),
    '192.168.50.99',
    {},
    'dropped',
    'dropped at the node: client-isolation (spec.clientIsolation)',
    'counter drop comment "client-isolation"',
  ],
  [
    example('untrusted-vlan', { 'gateway.firewall': undefined }),
    '10.99.0.7',
    {},
    'gateway',
    'leaves by the gateway of egress/untrusted, as 10.99.0.50',
    'route 10.99.0.0/24 dev net2, in the routing table 100',
  ],
  [
    example('untrusted-vlan', { 'gateway.egress.network.snatAddresses': undefined }),
    '203.0.113.5',
    TCP(80),
    'gateway',
    'leaves by the gateway of egress/untrusted, as 10.99.0.11',
    'oifname "net2" ip saddr 192.168.50.0/24 masquerade',
  ],
  [
    example('vpn-wireguard'),
    '203.0.113.5',
    {},
    'gateway',
    'leaves by the gateway of egress/vpn, with the address of the tunnel',
    'route default dev wg0, in the routing table 100',
  ],
  [
    example('multi-node'),
    '203.0.113.5',
    {},
    'gateway',
    "leaves by the gateway of egress/vpn, with the address of the router's pod, or what the CNI makes of it",
    'route 200.0.0.0/5 via 192.168.50.1 dev net1, of the attachment egress/vpn',
  ],
  [
    example('multi-node'),
    '2001:db8::5',
    {},
    'dropped',
    'dropped: the network has no gateway for IPv6 (spec.unservedFamily)',
    'route ::/1 dev net1, of the attachment egress/vpn',
  ],
  [
    example('multi-node', { unservedFamily: 'Bypass' }),
    '2001:db8::5',
    {},
    'primary',
    'leaves by the primary network, not by the gateway (spec.unservedFamily: Bypass)',
    undefined,
  ],
])('case %#: to %s %o', (source, to, packet, outcome, summary, by) => {
  const [first] = explained(source, to, packet);
  expect(first).toMatchObject({ outcome, summary });
  if (by !== undefined) expect(first?.hops.map((hop) => hop.by)).toContain(by);
});

test('ports that lead to a client are told backward, to that client alone', () => {
  const [pool, fixed] = explained(example('port-forward'), '203.0.113.5');
  expect(pool).toMatchObject({ senders: ['Deployment apps/client'], forwards: [] });
  expect(fixed?.senders).toEqual(['Deployment apps/server']);
  expect(fixed?.forwards.map(({ what }) => what)).toEqual([
    'connections from outside to TCP 6881, by eth0, lead to 192.168.50.99 port 8080',
    'connections from outside to TCP 6881, by eth0, lead to fd00:50::63 port 8080',
    'connections from outside to UDP 6881, by eth0, lead to 192.168.50.99 port 8080',
    'connections from outside to UDP 6881, by eth0, lead to fd00:50::63 port 8080',
  ]);
});

const STRANGER = `---
apiVersion: v1
kind: Pod
metadata: {name: stranger, namespace: apps}
spec: {containers: [{name: a, image: a}]}
`;

test('workloads that go the same way are told together, and those that are no clients behind them', () => {
  const all = explained(example('multi-node') + STRANGER + STRANGER.replace('stranger', 'other'), '203.0.113.5');
  expect(all.map(({ senders, network, outcome }) => [senders, network, outcome])).toEqual([
    [['Deployment apps/client'], 'egress/vpn', 'gateway'],
    [['Pod apps/stranger', 'Pod apps/other'], undefined, 'primary'],
  ]);
});

test('a network without a client in the input is told for any', () => {
  expect(explained(example('admission'), '203.0.113.5')[0]?.senders).toEqual(['any client of egress/vpn']);
});

test.each([
  ['is not attached', { 'k8s.v1.cni.cncf.io/network-status': '[{"name": "cbr0"}]' }, 'primary', []],
  ['has no note of Multus', {}, 'primary', []],
  [
    'has an address',
    { 'k8s.v1.cni.cncf.io/network-status': '[{"name": "egress/vpn", "ips": ["192.168.50.99"]}]' },
    'gateway',
    ['192.168.50.99 port 8080'],
  ],
])('a running pod that %s', (_, status, outcome, ports) => {
  const annotations = { 'k8s.v1.cni.cncf.io/networks': 'egress/vpn', ...status };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', namespace: 'apps', annotations },
    status: { phase: 'Running' },
  } as Manifest;
  const destination = { family: 'IPv4' as const, value: 0x01010101n };
  const [one] = explain(manifestsOf(example('port-forward')), [pod], { destination }, false);
  expect(one).toMatchObject({ senders: ['Pod apps/a'], network: 'egress/vpn', outcome });
  for (const port of ports) expect(one?.forwards.map(({ what }) => what).join()).toContain(port);
});

test('the example of docs/command-line.md is what it prints', () => {
  const [one] = explained(VLAN, '203.0.113.5', TCP(443));
  const page = readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8');
  expect(page).toContain(one && formatExplanation(one, plain));
});
