import { expect, it } from 'vitest';
import { messages, proposals } from '../networks.ts';

const SHARED =
  'egress: {type: Network, network: {attachment: {name: lan}, addresses: [10.9.0.11/24, 10.9.0.12/24], gateways: [10.9.0.1], snatAddresses: [10.9.0.50]}}';
const SHARED_BY_THREE = SHARED.replace('10.9.0.12/24', '10.9.0.12/24, 10.9.0.13/24');
const CLUSTER = 'cluster: {cidrs: [10.244.0.0/16]}';

it.each([
  'gateway: {replicas: 1}',
  '{overlay: {vni: 7}, gateway: {replicas: 5}}',
  '{overlay: {vni: 7}, gateway: {replicas: 5}, subnets: [192.168.50.0/24, "fd00:50::/64"]}',
  '{overlay: {vni: 7}, gateway: {replicas: 2}, subnets: [192.168.50.0/28]}',
  // The gateway is elsewhere, and one more is left.
  '{overlay: {vni: 7}, gateway: {replicas: 3}, subnets: [192.168.50.0/28], gatewayAddresses: [192.168.50.14]}',
  `{overlay: {vni: 7}, ${CLUSTER}, gateway: {replicas: 2, ${SHARED}}}`,
])('%s is fine', (spec) => {
  expect(messages(spec)).toEqual([]);
});

it.each([
  [
    'gateway: {replicas: 2}',
    '`spec.gateway.replicas` is "2" and must be 1 without `spec.overlay`: the routers run on different nodes, which only an overlay connects',
    1,
  ],
  [
    `{overlay: {vni: 7}, ${CLUSTER}, gateway: {replicas: 3, ${SHARED_BY_THREE}}}`,
    '`spec.gateway.replicas` is "3" and must be at most 2 with `spec.gateway.egress.network.snatAddresses`: a router shares its connections with only one other',
    2,
  ],
  [
    '{overlay: {vni: 7}, gateway: {replicas: 3}, subnets: [192.168.50.0/28]}',
    '`spec.gateway.replicas` is "3" and must be at most 2 with `spec.subnets[0]` "192.168.50.0/28": of its first addresses, which are kept for routers, 2 are left beside the gateway\'s',
    2,
  ],
  [
    '{overlay: {vni: 7}, gateway: {replicas: 2}, subnets: [192.168.50.0/29]}',
    '`spec.gateway.replicas` is "2" and must be at most 1 with `spec.subnets[0]` "192.168.50.0/29": of its first addresses, which are kept for routers, 0 are left beside the gateway\'s',
    1,
  ],
])('%s is not', (spec, message, proposed) => {
  expect(messages(spec)).toEqual([message]);
  expect(proposals(spec)).toEqual({ 'spec.gateway.replicas': proposed });
});
