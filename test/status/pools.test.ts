import { expect, test } from 'vitest';
import type { Observation } from '../../fn/cluster/observation.ts';
import { plain } from '../../fn/status/paint.ts';
import { statusOf } from '../../fn/status/status.ts';
import { formatStatus } from '../../fn/status/text.ts';
import { clientPod, healthy, NETWORK, NOW, poolOf } from './healthy.ts';

const see = (observation: Observation) => statusOf(NETWORK, observation, NOW);

test('of a pool it is told how much is taken, by whom, and that it is exhausted', () => {
  const addressed = (last: number) =>
    healthy('multi-node', { reserved: [`192.168.50.${last + 1}-192.168.50.254`] }).attachments;
  const ipPools = [
    poolOf('192.168.50.0/24', { 1: 'egress/vpn-router-0', 16: 'apps/a', 17: 'apps/gone', 18: 'apps/starting' }),
    poolOf('192.168.60.0/24', { 16: 'apps/other' }),
  ];
  const observation = { ...healthy(), ipPools, pending: [clientPod('starting', ['192.168.50.18'])] };
  expect(see(observation).pools).toEqual([{ range: '192.168.50.0/24', size: 239, taken: 3, stale: 1 }]);
  const { ok, pools, problems } = see({ ...observation, attachments: addressed(18) });
  expect(pools).toEqual([{ range: '192.168.50.0/24', size: 3, taken: 3, stale: 1 }]);
  expect(ok).toBe(false);
  expect(problems).toEqual([
    expect.stringMatching(
      /^no address of 192\.168\.50\.0\/24 is free for another client: all 3 are taken, 1 of them by/,
    ),
  ]);
  expect(see({ ...observation, attachments: addressed(19) })).toMatchObject({ problems: [] });
});

test('how many addresses an IPv6 subnet has is not printed', () => {
  const status = see({ ...healthy('ha-vrrp'), ipPools: [] });
  expect(formatStatus(status, plain, NOW)).toContain('  pool      0 addresses of fd00:50::/64 are taken\n');
});
