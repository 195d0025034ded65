import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { meets } from '../../fn/api/field-path.ts';
import type { GatewayNetwork } from '../../fn/api/generated/gateway-network.ts';
import { RULES } from '../../fn/api/rules/registry.ts';
import type { Subject } from '../../fn/api/rules/rule.ts';
import { networks } from './networks.ts';

const EVERYTHING = `
subnets: [192.168.50.0/24, "fd00::/64"]
gatewayAddresses: [192.168.50.1]
reserved: [192.168.50.9]
mtu: 1400
unservedFamily: Bypass
clientIsolation: Enabled
overlay:
  {vni: 7, port: 5000, underlay: {family: IPv4, interface: eth0, mtu: 1500},
  flooding: {type: Unicast, unicast: {peers: [10.0.0.1]}}}
interfaces: {bridge: br0, vxlan: vx0}
nodes: {selector: {matchLabels: {a: b}}, tolerations: [{operator: Exists}]}
agent: {type: NodeNetworkOperator, daemonSet: {resources: {limits: {cpu: 1}}, metrics: {type: Textfile, textfile: {directory: /a}}}}
nodeRules: {snatExemption: {type: ChainReturn, chainReturn: {chain: X}}, iptablesLegacy: Manage}
ipam: {type: HostLocal}
cluster: {cidrs: [10.0.0.0/8]}
gateway:
  {nodes: {selector: {matchLabels: {a: b}}, tolerations: [{operator: Exists}]}, resources: {limits: {cpu: 1}}, replicas: 2,
  egress: {type: Network, network: {attachment: {name: one}, addresses: [10.0.0.0/24, 10.0.0.0/25], gateways: [10.0.0.1], snatAddresses: [10.0.0.2]}},
  healthCheck: {addresses: [10.0.0.1, 10.9.9.9]},
  firewall: {allow: [{}, {cidrs: [a], ports: [1]}], deny: [{protocol: TCP}]}}
clients: [{selector: {matchExpressions: [{key: a, operator: In, values: [b]}]}, namespaces: [c]}]
admissionCheck: Enabled
monitoring: {type: PrometheusOperator, prometheusOperator: {labels: {a: b}}}
images: {node: "a:b", pullSecrets: [c]}
`;

/** Rules look at some fields only where others are absent, or have another value than in EVERYTHING. */
const LITTLE =
  '{mtu: 1000, unservedFamily: Block, ipam: {type: HostLocal}, interfaces: {bridge: br0}, monitoring: {type: PrometheusOperator}, gateway: {portForwards: [{protocol: TCP, port: 80, to: {name: a}}]}}';
const TUNNELS = `
gatewayAddresses: [192.168.50.1]
reserved: [192.168.50.8]
overlay: {vni: 8}
cluster: {cidrs: [10.0.0.0/8]}
gateway:
  {replicas: 2,
  egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: wg}, container: {interface: tun0, endpoints: [{protocol: UDP, port: 1}], spec: {}, volumes: []}}},
  portForwards: [{protocol: TCP, port: 80, to: {addresses: [192.168.50.9]}}],
  dns: {upstreams: [10.0.0.1]}}
clients: [{names: [a], dns: Gateway, addresses: [192.168.50.9]}]
`;

/** The same mapping, which tells what is looked at, and what is there. */
function watched<T extends object>(value: T, path: string, seen: Map<string, unknown>): T {
  return new Proxy(value, {
    get: (target, name) => {
      const inner: unknown = Reflect.get(target, name);
      if (typeof name !== 'string' || Array.isArray(target)) return inner;
      const at = path === '' ? name : `${path}.${name}`;
      seen.set(at, inner ?? seen.get(at));
      const isMapping = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
      return isMapping ? watched(inner, at, seen) : inner;
    },
  });
}

describe('a rule', () => {
  it.each(RULES.map((rule) => [rule.reads.join(', '), rule] as const))(
    'looks at %s, and at nothing else',
    (_, rule) => {
      const seen = new Map<string, unknown>();
      const subjects: readonly Subject[] = networks(EVERYTHING, EVERYTHING, LITTLE, TUNNELS, TUNNELS).map(
        ({ value }, index) => ({
          network: watched(value as GatewayNetwork, '', seen),
          key: `egress/${index}`,
          label: `network ${index}`,
          origin: 'the input',
        }),
      );
      for (const { network } of subjects) rule.checkNetwork?.(network);
      rule.checkAll?.(subjects);
      expect([...seen.keys()].filter((path) => !rule.reads.some((read) => meets(read, path)))).toEqual([]);
      expect(rule.reads.filter((read) => seen.get(read) === undefined)).toEqual([]);
    },
  );
});

test('every file of a rule is in the registry, and has a test', () => {
  const list = (folder: string, suffix: string) =>
    readdirSync(join(import.meta.dirname, folder))
      .filter((file) => !['registry.ts', 'rule.ts'].includes(file))
      .map((file) => file.replace(suffix, ''));
  const files = list('../../fn/api/rules', '.ts');
  expect(RULES).toHaveLength(files.length);
  expect(list('rules', '.test.ts').toSorted()).toEqual(files.toSorted());
});
