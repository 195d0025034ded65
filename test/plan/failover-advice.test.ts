import { expect, it } from 'vitest';
import { failoverAdvice } from '../../fn/plan/failover-advice.ts';
import { planOf } from './network.ts';

const LAN = 'attachment: {name: lan}, addresses: [10.9.0.11/24, 10.9.0.12/24], gateways: [10.9.0.1]';
const SPEC = (gateway: string) => planOf(`{subnets: [192.168.50.0/24], overlay: {vni: 7}, gateway: {${gateway}}}`);

it.each([
  ['replicas: 2', "with the address of the router's pod"],
  [
    'replicas: 2, egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: wg}}}',
    "through the router's own tunnel",
  ],
  [
    `replicas: 2, egress: {type: Network, network: {${LAN}}}`,
    'with an address of that router alone; with `spec.gateway.egress.network.snatAddresses` they would survive',
  ],
])('connections end with %s', (gateway, address) => {
  expect(failoverAdvice(SPEC(gateway))).toMatchObject([
    {
      code: 'Advice',
      severity: 'info',
      message: `clients' connections break when another router takes over, because they leave ${address}`,
    },
  ]);
});

it.each(['replicas: 1', `replicas: 2, egress: {type: Network, network: {${LAN}, snatAddresses: [10.9.0.50]}}`])(
  'nothing is said of %s',
  (gateway) => expect(failoverAdvice(SPEC(gateway))).toEqual([]),
);
