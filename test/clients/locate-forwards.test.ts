import { describe, expect, it } from 'vitest';
import { joinClients } from '../../fn/clients/join.ts';
import { locateForwards } from '../../fn/clients/locate-forwards.ts';
import { read } from '../../fn/krm/read.ts';
import { parseAddress } from '../../fn/net/address.ts';
import { draftOf } from '../plan/network.ts';

const ADDRESSES = '[192.168.50.99, "fd00:50::63"]';

const pod = (name: string, namespace: string, labels: string) => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: ${labels}}
spec: {}
`;
const INPUT = [
  pod('web', 'apps', '{app: web, net: fixed}'),
  pod('web', 'other', '{app: web, net: pool}'),
  pod('twin', 'apps', '{app: twin, net: pool}'),
  pod('alone', 'apps', '{app: alone}'),
].join('');

/** What a forward to `to` leads to, and what is said about it. */
function locate(to: string, input = INPUT, addresses = ADDRESSES) {
  const plan = draftOf(`{subnets: [192.168.50.0/24, "fd00:50::/64"],
    clients: [{selector: {matchLabels: {net: pool}}}, {selector: {matchLabels: {net: fixed}}, addresses: ${addresses}}],
    gateway: {portForwards: [{protocol: TCP, port: 80, to: {addresses: [192.168.50.200]}}, {protocol: TCP, port: 81, to: ${to}}]}}`);
  const items = read(input).input;
  const { owners, problems } = locateForwards(items, joinClients(items, [plan]).fixed, [{ owner: plan }]);
  const [first, second] = owners[0]?.owner.forwards ?? [];
  expect(first).toEqual(plan.forwards[0]);
  return { target: second?.target, problems };
}

const WEB = {
  type: 'Addresses',
  addresses: ['192.168.50.99', 'fd00:50::63'].map(parseAddress),
};

describe('a client that a port is forwarded to', () => {
  it.each(['{name: web}', '{name: web, namespace: apps}', '{matchLabels: {app: web}}', '{matchLabels: {net: fixed}}'])(
    'is found by %s',
    (to) => expect(locate(to)).toEqual({ target: WEB, problems: [] }),
  );

  it('has its addresses whatever the order in which they are given', () => {
    expect(locate('{name: web}', INPUT, '["fd00:50::63", 192.168.50.99]').target).toEqual(WEB);
  });

  it.each([
    ['{name: gone}', '{"name":"gone"}', 'there is no such workload in the input'],
    ['{matchLabels: {app: gone}}', '{"matchLabels":{"app":"gone"}}', 'there is no such workload in the input'],
    ['{name: web, namespace: gone}', '{"name":"web","namespace":"gone"}', 'there is no such workload in the input'],
    [
      '{name: web, namespace: other}',
      '{"name":"web","namespace":"other"}',
      'Pod "other/web" has no fixed address: give the entry of `spec.clients` that selects it `addresses`, or name `to.addresses`',
    ],
    [
      '{name: alone}',
      '{"name":"alone"}',
      'Pod "apps/alone" is not a client: add an entry to `spec.clients` that selects it and has `addresses`',
    ],
    [
      '{matchLabels: {net: pool}}',
      '{"matchLabels":{"net":"pool"}}',
      'workloads without fixed addresses that match are Pod "other/web" and Pod "apps/twin"',
    ],
  ])('is not found by %s', (to, shown, reason) => {
    const { target, problems } = locate(to);
    expect(target).toBeUndefined();
    expect(problems).toMatchObject([
      {
        code: 'NoClient',
        severity: 'error',
        message: `\`spec.gateway.portForwards[1].to\` must match one client with fixed addresses, and is ${shown}: ${reason}`,
        field: { path: 'spec.gateway.portForwards[1].to' },
      },
    ]);
  });

  it('is one', () => {
    const more = INPUT + pod('web', 'third', '{app: web, net: fixed}');
    expect(locate('{name: web}', more).problems).toMatchObject([
      { message: expect.stringContaining('it matches Pod "apps/web" and Pod "third/web"') },
    ]);
    expect(locate('{name: web, namespace: third}', more).problems).toEqual([]);
  });
});
