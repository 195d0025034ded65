import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { FIELDS } from '../fn/api/generated/fields.ts';
import { expand } from '../fn/index.ts';

/**
 * What ends a string, a word, a line, a comment or a value in nft, shell, JSON, and the
 * configurations of the programs.
 */
const HOSTILE = [
  'b"accept#',
  "b'c",
  'b\nc',
  'b c',
  'b;c',
  'b#c',
  '$(b)',
  '`b`',
  '${b}',
  'b\\c',
  'b}c',
  'b,c',
  'b/*',
  'b*',
  'b=c',
];

/**
 * Every field that has a string, except the container of a VPN: it is the user's own and goes into
 * the pod unchanged.
 */
const NETWORKS = [
  `
subnets: [192.168.50.0/24, "fd00:50::/64"]
gatewayAddresses: [192.168.50.1]
reserved: [192.168.50.30]
overlay: {vni: 7, underlay: {family: IPv4, interface: eth0}, flooding: {type: Unicast, unicast: {peers: [172.18.0.2]}}}
interfaces: {bridge: br0, vxlan: vx0}
nodes: {selector: {matchLabels: {a: b}, matchExpressions: [{key: a, operator: In, values: [b]}]}, tolerations: [{key: a, operator: Equal, value: b, effect: NoExecute}]}
agent: {type: DaemonSet, daemonSet: {resources: {limits: {cpu: 1}, requests: {cpu: 1}}, cniDir: /var/lib/cni, priorityClassName: low, metrics: {type: Textfile, textfile: {directory: /srv}}}}
nodeRules: {snatExemption: {type: ChainReturn, chainReturn: {chain: X}}, iptablesLegacy: Report}
cluster: {cidrs: [10.0.0.0/8], dataplane: Other}
gateway:
  priorityClassName: low
  nodes: {selector: {matchLabels: {a: b}, matchExpressions: [{key: a, operator: In, values: [b]}]}, tolerations: [{key: a, operator: Equal, value: b, effect: NoExecute}]}
  resources: {limits: {cpu: 1}, requests: {cpu: 1}}
  egress: {type: Network, network: {attachment: {name: one, namespace: other}, addresses: [172.30.0.11/24, "fd00:30::11/64"], gateways: [172.30.0.1, "fd00:30::1"], snatAddresses: [172.30.0.21]}}
  healthCheck: {addresses: [1.1.1.1]}
  firewall: {allow: [{cidrs: [1.0.0.0/8], protocol: TCP, ports: [80]}], deny: [{cidrs: [2.0.0.0/8], protocol: UDP, ports: [53]}]}
  portForwards: [{protocol: TCP, port: 80, to: {addresses: [192.168.50.30]}}, {protocol: TCP, port: 81, to: {name: web, namespace: apps}}, {protocol: TCP, port: 82, to: {matchLabels: {app: web}}}]
  dns: {upstreams: [9.9.9.9], clusterDomain: cluster.local}
clients:
- {selector: {matchLabels: {app: web}, matchExpressions: [{key: app, operator: In, values: [web]}]}, names: [web], namespaces: [apps], namespaceSelector: {matchLabels: {a: b}, matchExpressions: [{key: a, operator: In, values: [b]}]}, workloads: [{apiVersion: v1, kind: Pod}], addresses: [192.168.50.77, "fd00:50::77"], dns: Gateway, preserveInbound: Enabled, attachment: PerNamespace}
- {selector: {matchLabels: {app: db}, matchExpressions: [{key: app, operator: In, values: [db]}]}, namespaces: [data], networkPolicy: Enabled, guard: Disabled}
- {names: [x], workloads: [{apiVersion: example.com/v1, kind: Thing, templatePath: spec.template}]}
- {join: Admission, selector: {matchLabels: {a: b}}, dns: Gateway}
admissionCheck: Enabled
images: {node: "example.com/node:v1", pullSecrets: [pull]}
`,
  `
subnets: [192.168.50.0/24]
overlay: {vni: 7, flooding: {type: Multicast, multicast: {group: 239.1.1.1}}}
ipam: {type: Whereabouts}
monitoring: {type: PrometheusOperator, prometheusOperator: {labels: {a: b}}}
gateway: {replicas: 2, egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: wg, implementation: Kernel}}}}
`,
  `
subnets: [192.168.50.0/24]
unservedFamily: Block
clientIsolation: Enabled
overlay: {vni: 7}
gateway:
  egress: {type: VPN, vpn: {type: Container, container: {interface: tun0, endpoints: [{protocol: UDP, port: 1194, cidrs: [3.0.0.0/8]}], spec: {image: "example.com/vpn:v1", securityContext: {privileged: true}}}}}
`,
];

const POD = `apiVersion: v1
kind: Namespace
metadata: {name: apps, labels: {a: b}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: apps, labels: {app: web}}
spec: {containers: [{name: a, image: "a:1"}]}
`;

const head = { apiVersion: 'gatewaynetwork.dev/v1alpha1', kind: 'GatewayNetwork' };
const rendered = (network: object) => expand(`${stringify(network, { lineWidth: 0 })}---\n${POD}`);

type Mapping = Record<string, unknown>;

/** The same value once for each string in it, which is replaced by another. */
function replaced(value: unknown, at: string, text: string): readonly { at: string; value: unknown }[] {
  if (at.endsWith('.container.spec')) return [];
  if (typeof value === 'string' || FIELDS[at]?.type === 'quantity') return [{ at, value: text }];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      replaced(item, `${at}[]`, text).map((one) => ({ at: one.at, value: value.with(index, one.value) })),
    );
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = [`${at}.${key}`, `${at}.*`].find((one) => one in FIELDS || one.startsWith('metadata')) ?? at;
    return replaced(inner, path, text).map((one) => ({ at: one.at, value: { ...value, [key]: one.value } }));
  });
}

const NAMED = NETWORKS.map((spec) => ({
  ...head,
  metadata: { name: 'vpn', namespace: 'egress' },
  spec: parse(spec) as Mapping,
}));

/** A DNS name is in the resolver's configuration, and its pattern in the schema lets none of these pass. */
describe.each(HOSTILE)('%j', (text) => {
  test('is refused wherever a string is', () => {
    const passed = NAMED.flatMap((network) => [
      ...replaced(network.spec, 'spec', text).map(({ at, value }) => ({ at, network: { ...network, spec: value } })),
      ...replaced(network.metadata, 'metadata', text).map(({ at, value }) => ({
        at,
        network: { ...network, metadata: value },
      })),
    ]).filter(({ network }) => !rendered(network).problems.some(({ severity }) => severity === 'error'));
    expect(passed.map(({ at }) => at)).toEqual([]);
  });
});

test('the networks are fine without, and have every string of the API', () => {
  for (const network of NAMED)
    expect(rendered(network).problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const reached = new Set(NAMED.flatMap(({ spec }) => replaced(spec, 'spec', 'x').map(({ at }) => at)));
  const strings = Object.entries(FIELDS).filter(([path, { type }]) => path.startsWith('spec.') && type === 'string');
  expect(strings.map(([path]) => path).filter((path) => !reached.has(path))).toEqual([]);
});
