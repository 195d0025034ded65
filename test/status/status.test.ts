import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import type { Observation } from '../../fn/cluster/observation.ts';
import { networksIn, statusOf } from '../../fn/status/status.ts';
import { clientPod, eventOf, healthy, logOf, NETWORK, NOW } from './healthy.ts';

const see = (observation: Observation) => statusOf(NETWORK, observation, NOW);

/** With one of its own pods, by a part of its name, as `change` makes it. */
function withPod(observation: Observation, part: string, change: (pod: V1Pod) => V1Pod): Observation {
  const isMeant = ({ metadata }: V1Pod) => metadata?.name?.includes(part) === true;
  return { ...observation, pods: observation.pods.map((pod) => (isMeant(pod) ? change(pod) : pod)) };
}

const unready = (pod: V1Pod): V1Pod => ({
  ...pod,
  status: { conditions: [{ type: 'Ready', status: 'False', message: 'containers with unready status: [x]' }] },
});

const withContainer = (pod: V1Pod, container: Partial<V1ContainerStatus>, kind = 'containerStatuses'): V1Pod => ({
  ...unready(pod),
  status: { ...unready(pod).status, [kind]: [{ name: 'node-agent', ...container }] },
});

describe('all is well', () => {
  test.each(['multi-node', 'single-node', 'ha-vrrp', 'vpn-wireguard', 'admission'])('with examples/%s', (name) => {
    const observation = healthy(name);
    expect(networksIn(observation)).toEqual([NETWORK]);
    expect(see(observation)).toMatchObject({ ok: true, problems: [], absent: [], releases: [__VERSION__] });
  });

  test('and everything is named', () => {
    const { agents, routers, clients, pools } = see(healthy());
    expect(agents).toEqual({
      wanted: 2,
      configuration: expect.stringMatching(/^[\da-f]{16}$/),
      pods: [
        { pod: 'vpn-node-agent-node1', node: 'node1', ready: true },
        { pod: 'vpn-node-agent-node2', node: 'node2', ready: true },
      ],
    });
    expect(routers).toMatchObject([{ name: 'vpn-router-0', active: true, pods: [{ node: 'node1', ready: true }] }]);
    expect(pools).toEqual([{ range: '192.168.50.0/24', size: 239, taken: 2, stale: 0 }]);
    expect(clients).toEqual([
      { namespace: 'apps', pod: 'a', addresses: ['192.168.50.16'] },
      { namespace: 'apps', pod: 'b', addresses: ['192.168.50.17'] },
    ]);
  });

  test('of several routers one is active, by what its keepalived has said last', () => {
    expect(see(healthy('ha-vrrp')).routers.map(({ active }) => active)).toEqual([true, false]);
  });

  test('where another operator keeps the nodes, there are no agents', () => {
    const { agents, ok } = see(healthy('node-network-operator'));
    expect([agents, ok]).toEqual([undefined, true]);
  });

  test('networks of one name in two namespaces are two', () => {
    const other = JSON.parse(JSON.stringify(healthy()).replaceAll('"egress"', '"other"')) as Observation;
    const one = healthy();
    const both = { ...one, daemonSets: [...one.daemonSets, ...other.daemonSets], pods: [...one.pods, ...other.pods] };
    expect(networksIn(both)).toEqual([NETWORK, { namespace: 'other', name: 'vpn' }]);
    expect(see(both).agents?.pods).toHaveLength(2);
  });
});

describe('an agent that is not ready says why:', () => {
  const probe = (minutes: number, words: string) => (pod: V1Pod) =>
    eventOf(pod, 'Unhealthy', `Readiness probe failed: not ready: ${words}\n`, minutes);

  test('what its probe printed last', () => {
    const observation = withPod(healthy(), 'agent-node2', unready);
    const pod = observation.pods.find(({ metadata }) => metadata?.name?.includes('agent-node2')) ?? {};
    const events = [probe(1, 'older')(pod), probe(3, 'the underlay eth0 has\nMTU 1450')(pod), probe(2, 'old')(pod)];
    const former = probe(9, 'of a former pod')({ metadata: { ...pod.metadata, uid: 'former' } });
    const { agents, ok } = see({ ...observation, events: [...events, former] });
    expect(ok).toBe(false);
    expect(agents?.pods[1]).toMatchObject({ ready: false, reason: 'the underlay eth0 has MTU 1450' });
  });

  test.each<readonly [string, (pod: V1Pod) => V1Pod]>([
    ['containers with unready status: [x]', unready],
    [
      'container node-agent: ImagePullBackOff: Back-off pulling image "x"',
      (pod) =>
        withContainer(pod, {
          state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"' } },
        }),
    ],
    [
      'container node-agent: CrashLoopBackOff: exec: "gateway-network": not found',
      (pod) =>
        withContainer(pod, {
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
          lastState: { terminated: { exitCode: 128, message: 'exec: "gateway-network": not found' } },
        }),
    ],
    [
      'container node-agent has ended with 137: OOMKilled',
      (pod) => withContainer(pod, { state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }),
    ],
    [
      'container node-agent has ended with 2: rules',
      (pod) =>
        withContainer(pod, { state: { terminated: { exitCode: 2, message: 'rules' } } }, 'initContainerStatuses'),
    ],
    [
      'not scheduled: 0/2 nodes are available',
      (pod) => ({
        ...pod,
        status: { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/2 nodes are available' }] },
      }),
    ],
  ])('%s', (reason, change) => {
    const { agents, ok } = see(withPod(healthy(), 'agent-node1', change));
    expect([ok, agents?.pods[0]]).toEqual([false, expect.objectContaining({ ready: false, reason })]);
  });

  test('and a ready one of an earlier revision is told', () => {
    const { agents, ok } = see(
      withPod(healthy(), 'agent-node1', (pod) => ({
        ...pod,
        spec: { ...pod.spec, containers: [{ name: 'node-agent', image: 'old:1' }] },
      })),
    );
    expect([ok, agents?.pods[0]?.reason]).toEqual([
      false,
      expect.stringMatching(/^of an earlier revision: it runs old:1, not ghcr\.io\/.*$/),
    ]);
  });

  test('or of an earlier configuration', () => {
    const { agents } = see(
      withPod(healthy(), 'agent-node1', (pod) => ({
        ...pod,
        spec: { containers: [], volumes: [{ name: 'config', configMap: { name: 'old' } }] },
      })),
    );
    expect(agents?.pods[0]?.reason).toMatch(/it has the configuration old, not vpn-node-agent-/);
  });

  test('an agent that goes is not one', () => {
    const observation = withPod(healthy(), 'agent-node1', (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, deletionTimestamp: new Date(NOW) },
    }));
    expect(see(observation).agents?.pods.map(({ node }) => node)).toEqual(['node2']);
  });
});

describe('what is wrong with the network:', () => {
  const one = healthy();
  const several = healthy('ha-vrrp');
  const [first, second] = several.pods.filter(({ metadata }) => metadata?.name?.includes('router')) as [V1Pod, V1Pod];
  test.each<readonly [string, Observation]>([
    [
      'the DaemonSet egress/vpn-node-agent wants an agent on 2 nodes, and 1 have one: see its events',
      { ...one, pods: one.pods.slice(1) },
    ],
    [
      'the DaemonSet egress/vpn-node-agent chooses no node: see spec.nodes, and the labels of the nodes',
      {
        ...one,
        daemonSets: one.daemonSets.map(({ metadata, spec }) => ({ metadata: metadata ?? {}, spec: spec! })),
        pods: one.pods.slice(2),
      },
    ],
    [
      'the Deployment egress/vpn-router-0 has no pod: see its events, and those of its ReplicaSet',
      { ...one, pods: one.pods.slice(0, 2) },
    ],
    [
      'the Deployment egress/vpn-router-0 has no pod: it is scaled to 0, and wants 1',
      {
        ...one,
        pods: one.pods.slice(0, 2),
        deployments: one.deployments.map(({ spec, ...rest }) => ({ ...rest, spec: { ...spec!, replicas: 0 } })),
      },
    ],
    [
      'the Deployment egress/vpn-router-0 has no pod: exceeded quota',
      {
        ...one,
        pods: one.pods.slice(0, 2),
        deployments: one.deployments.map((deployment) => ({
          ...deployment,
          status: { conditions: [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded\nquota' }] },
        })),
      },
    ],
    ['it has no router: apply all manifests', { ...one, deployments: [] }],
    [
      "no router has the gateway's addresses: nothing leaves by the gateway",
      { ...several, logs: [logOf(first, false), logOf(second, false)] },
    ],
    [
      "vpn-router-0 and vpn-router-1 both have the gateway's addresses",
      { ...several, logs: [logOf(first, true), logOf(second, true)] },
    ],
    [
      `its objects are of the releases 0.0.9 and ${__VERSION__}: apply all manifests of one`,
      {
        ...one,
        attachments: one.attachments.map(({ metadata }) => ({
          metadata: { ...metadata, labels: { ...metadata?.labels, 'app.kubernetes.io/version': '0.0.9' } },
        })),
      },
    ],
    [
      expect.stringMatching(/^the ConfigMap vpn-router-\w+ is not there/) as string,
      { ...one, configMaps: one.configMaps.filter(({ metadata }) => !metadata?.name?.includes('router')) },
    ],
    [
      expect.stringMatching(/^the ConfigMap vpn-node-agent-\w+ is not as it was rendered/) as string,
      {
        ...one,
        configMaps: one.configMaps.map((map) =>
          map.metadata?.name?.includes('agent') ? { ...map, data: { ...map.data, 'config.json': '{}' } } : map,
        ),
      },
    ],
  ])('%s', (problem, observation) => {
    const { ok, problems } = see(observation);
    expect({ ok, problems }).toEqual({ ok: false, problems: [problem] });
  });

  test('nothing is said of routers whose log is not there', () => {
    expect(see({ ...several, logs: [] })).toMatchObject({ ok: true, problems: [] });
  });
});

test('clients of other networks, and pods of none, are left out', () => {
  const other = clientPod('other', ['192.168.50.18']);
  const none = clientPod('none');
  const running = [
    { metadata: { ...other.metadata, annotations: { 'k8s.v1.cni.cncf.io/networks': 'egress/other' } } },
    { metadata: { ...none.metadata, annotations: {} } },
  ];
  expect(see({ ...healthy(), running })).toMatchObject({ clients: [], absent: [], ok: true });
});
