import { expect, it } from 'vitest';
import { outsideTunnelAdvice } from '../../fn/plan/outside-tunnel-advice.ts';
import { planOf } from './network.ts';

const TUNNEL = 'egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: wg}}}';
const said = (fields: string, gateway = TUNNEL, subnets = '192.168.50.0/24') =>
  outsideTunnelAdvice(planOf(`{subnets: [${subnets}], overlay: {vni: 7}, gateway: {${gateway}}, ${fields}}`)).map(
    ({ severity, field, message }) => `${severity} ${field?.path}: ${message}`,
  );

const NAMES = (index: number) =>
  `info spec.clients[${index}].dns: the cluster's DNS looks up the names that clients ask for, outside the tunnel: ` +
  `set \`spec.clients[${index}].dns\` to "Gateway" and \`spec.gateway.dns.upstreams\` to send these queries through it, ` +
  'or `dns` to "Cluster" if that is what you want';
const RANGES = (ranges: string) =>
  `info spec.cluster.cidrs: clients reach ${ranges} by their primary network, outside the tunnel, also hosts there that are ` +
  "not the cluster's: list the networks of pods, Services and nodes in `spec.cluster.cidrs`";
const IPV4 = '10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16';

it('what the defaults leave outside a tunnel is said once', () => {
  expect(said('clients: [{names: [a]}, {names: [b]}]')).toEqual([NAMES(0), RANGES(IPV4)]);
  expect(said('clients: [{names: [a]}]', TUNNEL, '192.168.50.0/24, "fd00:50::/64"')).toEqual([
    NAMES(0),
    RANGES(`${IPV4}, fc00::/7`),
  ]);
});

it('what is set is not advised about', () => {
  const cluster = 'cluster: {cidrs: [10.244.0.0/16]}';
  expect(said(`clients: [{names: [a], dns: Cluster}], ${cluster}`)).toEqual([]);
  expect(said(`clients: [{names: [a], dns: Cluster}, {names: [b]}], ${cluster}`)).toEqual([NAMES(1)]);
  // The ranges of the other family count by themselves.
  expect(said(`clients: [], ${cluster}`, TUNNEL, '192.168.50.0/24, "fd00:50::/64"')).toEqual([RANGES('fc00::/7')]);
});

it('name servers without a client have a warning of their own', () => {
  expect(said('clients: [{names: [a]}]', `${TUNNEL}, dns: {upstreams: [9.9.9.9]}`)).toEqual([RANGES(IPV4)]);
});

it('nothing is said of other egresses', () => {
  expect(said('clients: [{names: [a]}]', 'replicas: 1')).toEqual([]);
});
