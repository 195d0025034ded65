import { expect, it } from 'vitest';
import { dnsPortAdvice } from '../../fn/plan/dns-port-advice.ts';
import { planOf } from './network.ts';

const said = (image: string, env: string, dns = 'Gateway', more = '') =>
  dnsPortAdvice(
    planOf(`{subnets: [192.168.50.0/24], clients: [{names: [a], dns: ${dns}}],
      gateway: {dns: {upstreams: [203.0.113.53]}, egress: {type: VPN, vpn: {type: Container, container: {interface: tun0,
        endpoints: [{protocol: UDP, port: 1194}], spec: {image: "${image}", env: ${env}, ${more}
        securityContext: {capabilities: {add: [NET_ADMIN]}}}}}}}}`),
  ).map(({ severity, message, field }) => `${severity} ${field?.path}: ${message}`);

it.each([
  ['ghcr.io/qdm12/gluetun:v3.40.0', '[]', 'DOT'],
  ['ghcr.io/qdm12/gluetun:v3.40.0', '[{name: DOT, value: "on"}]', 'DOT'],
  ['qmcgaw/gluetun:v3.39', '[{name: DNS_SERVER, value: "off"}]', 'DOT'],
  ['qmcgaw/gluetun:3.9.1@sha256:ab', '[{name: DNS_KEEP_NAMESERVER, value: "off"}]', 'DOT'],
  ['ghcr.io/qdm12/gluetun:v3.41.0', '[]', 'DNS_SERVER'],
  ['registry.example:5000/mirror/gluetun-wg:latest', '[]', 'DNS_SERVER'],
  ['gluetun@sha256:ab', '[]', 'DNS_SERVER'],
  ['Gluetun:v4.0', '[]', 'DNS_SERVER'],
])('%s with %s runs a DNS server of its own', (image, env, name) => {
  expect(said(image, env)).toEqual([
    `warning spec.gateway.egress.vpn.container.spec.env: \`spec.gateway.egress.vpn.container.spec.env\` must have {name: ${name}, value: "off"}: \`spec.clients[].dns\` is "Gateway", and gluetun ("${image}") runs a DNS server of its own on port 53 of the pod, which the resolver needs; as long as both use it, one of the two is not ready`,
  ]);
  expect(said(image, env, 'Cluster')).toEqual([]);
});

it.each([
  ['ghcr.io/qdm12/gluetun:v3.40.0', '[{name: DOT, value: "off"}]'],
  ['ghcr.io/qdm12/gluetun:v3.40.0', '[{name: DOT, value: "False"}]'],
  ['ghcr.io/qdm12/gluetun:v3.41.0', '[{name: DNS_SERVER, value: "off"}]'],
  ['ghcr.io/qdm12/gluetun:v3.41.0', '[{name: DOT, value: "no"}]'],
  ['ghcr.io/qdm12/gluetun:v3.40.0', '[{name: DOT, valueFrom: {configMapKeyRef: {name: a, key: b}}}]'],
  ['registry.example/gluetun/openvpn:v1', '[]'],
  ['registry.example/openvpn:v1', '[]'],
])('nothing is said of %s with %s', (image, env) => {
  expect(said(image, env)).toEqual([]);
});
