import { expect, test } from 'vitest';
import { clientsOf } from '../../fn/status/clients.ts';
import { poolsOf } from '../../fn/status/pools.ts';
import { plain } from '../../fn/status/paint.ts';
import { statusOf } from '../../fn/status/status.ts';
import { formatStatus } from '../../fn/status/text.ts';
import { clientPod, healthy, NETWORK, NOW, poolOf } from './healthy.ts';

const STATUS = 'k8s.v1.cni.cncf.io/network-status';
const RANGE = { range: '192.168.50.0/24', range_start: '192.168.50.16', range_end: '192.168.50.254' };

// Whoever may make a pod may write its annotations.
test.each<readonly [unknown, readonly string[] | undefined]>([
  [[null, 5, 'a', [], {}], undefined],
  [[{ name: 5 }], undefined],
  [{ name: 'egress/vpn' }, undefined],
  [[null, { name: 'egress/vpn' }], []],
  [[{ name: 'egress/vpn', ips: 'a' }], []],
  [[{ name: 'egress/vpn', ips: null }], []],
  [[{ name: 'egress/vpn', ips: [null, 5, '192.168.50.9'] }], ['192.168.50.9']],
])('what a pod has in place of the note of Multus is read as far as it can be: %j', (noted, addresses) => {
  const pod = clientPod('a');
  const annotations = { ...pod.metadata?.annotations, [STATUS]: JSON.stringify(noted) };
  const observation = { ...healthy(), running: [{ metadata: { ...pod.metadata, annotations } }] };
  expect(clientsOf(NETWORK, observation, NOW).clients).toEqual(
    addresses === undefined ? [] : [{ namespace: 'apps', pod: 'a', addresses }],
  );
  expect(formatStatus(statusOf(NETWORK, observation, NOW), plain, NOW)).toContain('apps/a');
});

test.each<readonly [unknown, number]>([
  ['no JSON', 0],
  [null, 0],
  [{ plugins: {} }, 0],
  [{ plugins: [null, { ipam: 'a' }, { ipam: { type: 'whereabouts' } }] }, 0],
  [{ plugins: [{ ipam: { type: 'whereabouts', ipRanges: [null, { range: 5 }, { ...RANGE, range_end: 5 }] } }] }, 0],
  [{ plugins: [{ ipam: { type: 'whereabouts', ipRanges: [null, RANGE] } }] }, 1],
])('of an attachment that was changed, the ranges are read as far as they can be: %j', (config, count) => {
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  const attachments = healthy().attachments.map((one) => ({ ...one, spec: { config: text } }));
  expect(poolsOf(NETWORK, { ...healthy(), attachments })).toHaveLength(count);
});

test('of a pool that was changed, what is no allocation does not count', () => {
  const pool = poolOf('192.168.50.0/24', { 16: 'apps/a', x: 'apps/b', '-1': 'apps/b', '': 'apps/b' });
  expect(poolsOf(NETWORK, { ...healthy(), ipPools: [pool] })).toMatchObject([{ taken: 1, stale: 0 }]);
});
