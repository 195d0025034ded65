import { expect, test } from 'vitest';
import type { Manifest } from '../../fn/changes/manifest.ts';
import type { Observation } from '../../fn/cluster/observation.ts';
import { type NetworkPicture, networkPictures } from '../../fn/picture/network-picture.ts';
import { running } from '../../fn/picture/running.ts';
import { statusOf } from '../../fn/status/status.ts';
import { clientPod, healthy, NETWORK, NOW } from '../status/healthy.ts';

/** The picture of what was rendered into a cluster. */
function drawn({ configMaps, daemonSets, deployments, attachments }: Observation): NetworkPicture {
  const objects: readonly object[] = [...configMaps, ...daemonSets, ...deployments, ...attachments];
  const [picture] = networkPictures(objects as readonly Manifest[]);
  if (picture === undefined) throw new Error('there is no network');
  return picture;
}

test('what runs is drawn: clients by namespace, those that are missing, and who is active where', () => {
  const observation = healthy('ha-vrrp');
  const other = clientPod('c', ['192.168.50.18']);
  const more = [{ ...other, metadata: { ...other.metadata, namespace: 'web' } }, clientPod('lost')];
  const status = statusOf(NETWORK, { ...observation, running: [...observation.running, ...more] }, NOW);
  const picture = drawn(observation);
  const { clients, routers, ...rest } = running(picture, status);
  expect(clients).toEqual(['2 pods in apps', '1 pod in web', '1 not attached']);
  expect(routers).toEqual(['vpn-router-0 on node1 (active)', 'vpn-router-1 on node2 (standby)']);
  expect(picture).toMatchObject(rest);
});

test('a router that is not ready is drawn as such, and one without a pod', () => {
  const observation = healthy('ha-vrrp');
  const [first, second] = statusOf(NETWORK, observation, NOW).routers;
  if (first === undefined || second === undefined) throw new Error('there are not two routers');
  const unready = { ...first, pods: first.pods.map((pod) => ({ ...pod, ready: false })) };
  const status = { ...statusOf(NETWORK, observation, NOW), routers: [unready, { ...second, pods: [] }] };
  expect(running(drawn(observation), status).routers).toEqual([
    'vpn-router-0 on node1 (not ready)',
    'vpn-router-1 (not ready)',
  ]);
});
