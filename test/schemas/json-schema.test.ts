import { Ajv } from 'ajv';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import schema from '../../schemas/gateway-network.schema.json' with { type: 'json' };

const isValid = new Ajv({ allowUnionTypes: true }).compile(schema);

const SMALL = `
apiVersion: gatewaynetwork.dev/v1alpha1
kind: GatewayNetwork
metadata: {name: vpn, namespace: egress}
spec:
  subnets: [192.168.50.0/24]
  overlay: {vni: 1000}
  clients:
  - selector: {matchLabels: {egress: vpn}}
`;

const LARGE = `
apiVersion: gatewaynetwork.dev/v1alpha1
kind: GatewayNetwork
metadata: {name: vpn, annotations: {any: thing}}
spec:
  subnets: [192.168.50.0/24, "fd00:50::/64"]
  gatewayAddresses: [192.168.50.1]
  reserved: [192.168.50.20-192.168.50.29]
  mtu: 1400
  unservedFamily: Bypass
  clientIsolation: Enabled
  overlay:
    vni: 1000
    port: 5000
    underlay: {family: IPv4, interface: eth0, mtu: 1500}
    flooding: {type: Multicast, multicast: {group: 239.0.0.1, ttl: 2}}
  interfaces: {bridge: br0, vxlan: vx0}
  nodes: {selector: {matchLabels: {a: b}}, tolerations: [{operator: Exists}]}
  agent: {type: DaemonSet, daemonSet: {resources: {requests: {cpu: 1, memory: 64Mi}}, metrics: {type: Textfile, textfile: {directory: /a/b}}}}
  nodeRules: {snatExemption: {type: ChainReturn, chainReturn: {chain: KIND-MASQ-AGENT}}, iptablesLegacy: Manage}
  ipam: {type: Whereabouts}
  cluster: {cidrs: [10.0.0.0/8]}
  gateway: {nodes: {tolerations: []}, resources: {limits: {cpu: 100m}}}
  clients: [{selector: {matchExpressions: [{key: a, operator: Exists}]}, namespaces: [b]}]
  images: {node: "a:b", pullSecrets: [c]}
`;

describe('the JSON Schema', () => {
  it.each([
    ['a small network', SMALL],
    ['a network with most fields', LARGE],
  ])('accepts %s', (_, text) => {
    isValid(parse(text));
    expect(isValid.errors).toBeNull();
  });

  it.each([
    ['apiVersion: gatewaynetwork.dev/v1alpha1', 'apiVersion: gatewaynetwork.dev/v1'],
    ['kind: GatewayNetwork', 'kind: Gateway'],
    ['name: vpn, ', ''],
    ['name: vpn', 'name: my.vpn'],
    ['namespace: egress', 'namespace: my.ns'],
    ['subnets: [192.168.50.0/24]', 'subnets: []'],
    ['vni: 1000', 'vni: 16777216'],
    ['vni: 1000', 'vni: 1000, id: 5'],
    ['selector: {', 'select: {'],
    ['egress: vpn}', 'egress: true}'],
  ])('rejects %s as %s', (from, to) => {
    const text = SMALL.replace(from, to);
    expect(text).not.toBe(SMALL);
    expect(isValid(parse(text))).toBe(false);
  });
});

test('every object with properties is closed, except for metadata', () => {
  const open: string[] = [];
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const isObject = (node as { readonly type?: unknown }).type === 'object';
    if (isObject && 'properties' in node && !('additionalProperties' in node)) open.push(path);
    for (const [name, inner] of Object.entries(node)) visit(inner, `${path}/${name}`);
  };
  visit(schema, '');
  expect(open).toEqual(['/properties/metadata']);
});
