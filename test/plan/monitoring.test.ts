import { expect, test } from 'vitest';
import { planOf } from './network.ts';

const monitored = (spec: string) => planOf(`{${spec}, monitoring: {type: PrometheusOperator}}`).monitoring;

test('a network is not monitored unless that is asked for', () => {
  expect(planOf('{subnets: [192.168.50.0/24]}').monitoring).toEqual({ type: 'None' });
});

test.each([
  ['as many clients as there are addresses of the pool', 'subnets: [192.168.50.0/24]', { IPv4: 239, IPv6: 0 }],
  ['without those that are kept', 'subnets: [192.168.50.0/24], reserved: [192.168.50.128/25]', { IPv4: 112, IPv6: 0 }],
  [
    'with those of clients that have fixed ones',
    'subnets: [192.168.50.0/24], clients: [{names: [a], addresses: [192.168.50.99]}]',
    { IPv4: 239, IPv6: 0 },
  ],
  ['and no more than a thousand', 'subnets: [10.9.0.0/16, "fd00:50::/64"]', { IPv4: 1000, IPv6: 1000 }],
])('the traffic is counted of %s', (_, spec, counted) => {
  expect(monitored(spec)).toMatchObject({ type: 'PrometheusOperator', labels: {}, port: 9473, counted });
});

test('networks of one name in two namespaces have files and dashboards of their own', () => {
  const own = (namespace: string) =>
    planOf('{subnets: [10.9.0.0/24], monitoring: {type: PrometheusOperator}}', { name: 'vpn', namespace }).monitoring;
  const [one, other] = [own('a'), own('b')];
  expect(one).toMatchObject({ directory: '/run/gateway-network-metrics/a_vpn' });
  expect(other).toMatchObject({ directory: '/run/gateway-network-metrics/b_vpn' });
  expect(one).not.toMatchObject({ dashboard: (other as { dashboard: string }).dashboard });
});
