import type { V1DaemonSet, V1Deployment } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import type { Observation } from '../../fn/cluster/observation.ts';
import { networksIn, statusOf } from '../../fn/status/status.ts';
import { healthy, NETWORK, NOW } from './healthy.ts';

const see = (observation: Observation) => {
  const { ok, problems } = statusOf(NETWORK, observation, NOW);
  return { ok, problems };
};

describe('what is gone is wrong, though all that is there is well:', () => {
  test.each<readonly [string, string, Partial<Observation>]>([
    [
      'it has no DaemonSet of agents, without which nothing holds clients to the gateway: apply all manifests',
      'multi-node',
      { daemonSets: [] },
    ],
    [
      'it has no NetworkAttachmentDefinition, without which no pod joins: apply all manifests; Multus brings the kind',
      'multi-node',
      { attachments: [] },
    ],
  ])('%s', (problem, example, without) => {
    expect(see({ ...healthy(example), ...without })).toEqual({ ok: false, problems: [problem] });
  });

  test('one of several routers', () => {
    const whole = healthy('ha-vrrp');
    const deployments = whole.deployments.filter(({ metadata }) => metadata?.name === 'vpn-router-0');
    expect(see({ ...whole, deployments })).toEqual({
      ok: false,
      problems: ['the Deployment egress/vpn-router-1 is not there: apply all manifests'],
    });
  });
});

test.each(['multi-node', 'ha-vrrp', 'vpn-wireguard', 'admission', 'single-node'])(
  'examples/%s lacks nothing',
  (name) => {
    expect(see(healthy(name))).toEqual({ ok: true, problems: [] });
  },
);

test('nor does a network whose nodes another operator keeps', () => {
  const observation = healthy('node-network-operator');
  const [network = NETWORK] = networksIn(observation);
  expect(statusOf(network, observation, NOW).problems).toEqual([]);
});

test('why a pod was evicted is told', () => {
  const observation = healthy();
  const pods = observation.pods.map((pod, index) =>
    index > 0
      ? pod
      : { ...pod, status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory.\n' } },
  );
  const { agents } = statusOf(NETWORK, { ...observation, pods }, NOW);
  expect(agents?.pods[0]).toMatchObject({ ready: false, reason: 'it has ended: Evicted: The node was low on memory.' });
});

test('a pod of a node that was lost, of which nobody has said more', () => {
  const observation = healthy();
  const conditions = [{ type: 'Ready', status: 'False' }];
  const pods = observation.pods.map((pod, index) =>
    index > 0 ? pod : { ...pod, status: { phase: 'Running', reason: 'NodeLost', conditions } },
  );
  const { agents } = statusOf(NETWORK, { ...observation, pods }, NOW);
  expect(agents?.pods[0]).toMatchObject({ ready: false, reason: 'NodeLost' });
});

describe('another image than the template has, where a webhook has changed it:', () => {
  const withImages = (statuses: { readonly agents: object; readonly routers: object }) => {
    const observation = healthy();
    const mirrored = observation.pods.map((pod) => ({
      ...pod,
      spec: {
        ...pod.spec,
        containers: (pod.spec?.containers ?? []).map((one) => ({ ...one, image: `mirror.example.com/${one.image}` })),
      },
    }));
    const changed = <T extends V1DaemonSet | V1Deployment>(all: readonly T[], status: object): readonly T[] =>
      all.map((one) => ({ ...one, metadata: { ...one.metadata, generation: 3 }, status: status as T['status'] }));
    return statusOf(
      NETWORK,
      {
        ...observation,
        pods: mirrored,
        daemonSets: changed(observation.daemonSets, { desiredNumberScheduled: 2, ...statuses.agents }),
        deployments: changed(observation.deployments, { replicas: 1, ...statuses.routers }),
      },
      NOW,
    );
  };

  test('is well where the controllers say that all pods are of the latest revision', () => {
    const agents = { observedGeneration: 3, updatedNumberScheduled: 2 };
    expect(withImages({ agents, routers: { observedGeneration: 3, updatedReplicas: 1 } })).toMatchObject({
      ok: true,
      problems: [],
    });
  });

  test.each<readonly [string, object, object]>([
    ['they have not looked', { observedGeneration: 2, updatedNumberScheduled: 2 }, { observedGeneration: 2 }],
    ['pods are still to be replaced', { observedGeneration: 3, updatedNumberScheduled: 1 }, { observedGeneration: 3 }],
    ['they say nothing', {}, {}],
  ])('is of an earlier revision where %s', (_, agents, routers) => {
    const {
      agents: seen,
      routers: [router],
    } = withImages({ agents, routers });
    expect(seen?.pods[0]?.reason).toMatch(/^of an earlier revision: it runs mirror\.example\.com/);
    expect(router?.pods[0]?.reason).toMatch(/^of an earlier revision: it runs mirror\.example\.com/);
  });
});
