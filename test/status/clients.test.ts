import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import type { Named } from '../../fn/cluster/observation.ts';
import { statusOf } from '../../fn/status/status.ts';
import { attachedTo, clientPod, eventOf, healthy, MADE, NETWORK, NOW } from './healthy.ts';

const GUARD = 'gateway-network-guard';
const WORDS = 'this pod is not attached to the network egress/vpn, so it does not start: there is no interface';

function pendingPod(name: string, status: V1Pod['status'] = {}, ips?: readonly string[]): V1Pod {
  return { ...clientPod(name, ips), status: { phase: 'Pending', ...status } };
}

function guarded(name: string, guard: Partial<V1ContainerStatus>): V1Pod {
  return pendingPod(name, { initContainerStatuses: [{ name: GUARD, ...guard } as V1ContainerStatus] });
}

const sandbox = (pod: Named) => eventOf(pod, 'FailedCreatePodSandBox', 'Failed to create pod sandbox:\n no addresses');

const UNATTACHED =
  'it runs, and Multus has not attached it: its packets do not go by the gateway. See Multus on its node, then delete it';

describe('a pod that should be a client and is not:', () => {
  test.each<readonly [string, V1Pod]>([
    [
      `the guard keeps it from starting: ${WORDS}`,
      guarded('a', { state: { terminated: { exitCode: 1, message: WORDS } } }),
    ],
    [
      `the guard keeps it from starting: ${WORDS}`,
      guarded('a', {
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
        lastState: { terminated: { exitCode: 1, message: `something before\n${WORDS}\n` } },
      }),
    ],
    [
      'the guard keeps it from starting: ErrImagePull: no such image',
      guarded('a', { state: { waiting: { reason: 'ErrImagePull', message: 'no such\nimage' } } }),
    ],
    ['it is not attached yet', guarded('a', { state: { waiting: { reason: 'PodInitializing' } } })],
    ['it is not attached yet', pendingPod('a')],
    [
      'not scheduled: 0/2 nodes are available',
      pendingPod('a', {
        conditions: [{ type: 'PodScheduled', status: 'False', message: '0/2 nodes are available' }],
      }),
    ],
  ])('%s', (reason, pod) => {
    const { ok, absent, clients } = statusOf(NETWORK, { ...healthy(), pending: [pod] }, NOW);
    expect({ ok, absent }).toEqual({ ok: false, absent: [{ namespace: 'apps', pod: 'a', starting: false, reason }] });
    expect(clients).toHaveLength(2);
  });

  test('what a CNI plugin said, until the sandbox was made', () => {
    const pod = pendingPod('a');
    const made = pendingPod('a', { conditions: [{ type: 'PodReadyToStartContainers', status: 'True' }] });
    const reasons = [pod, made].map(
      (each) => statusOf(NETWORK, { ...healthy(), pending: [each], events: [sandbox(each)] }, NOW).absent[0]?.reason,
    );
    expect(reasons).toEqual(['Failed to create pod sandbox: no addresses', 'it is not attached yet']);
  });

  test('it runs, without an interface of the network', () => {
    const [open, broken, emptied] = ['open', 'broken', 'emptied'].map((name) => clientPod(name));
    const noted = { ...open?.metadata?.annotations, 'k8s.v1.cni.cncf.io/network-status': '[{"name":"kindnet"}]' };
    const running = [
      { metadata: { ...open?.metadata, annotations: noted } },
      { metadata: { ...broken?.metadata, annotations: { ...noted, 'k8s.v1.cni.cncf.io/network-status': '{' } } },
      { metadata: { ...emptied?.metadata } },
    ];
    const { ok, absent } = statusOf(NETWORK, { ...healthy(), running }, NOW);
    expect(ok).toBe(false);
    expect(absent.map(({ reason }) => reason)).toEqual([UNATTACHED, UNATTACHED, UNATTACHED]);
  });

  test('one of this minute may be starting, and nothing is wrong', () => {
    const begin = Date.parse(MADE);
    const at = (now: number) => statusOf(NETWORK, { ...healthy(), pending: [pendingPod('a')] }, now);
    expect([at(begin + 59_000).ok, at(begin + 61_000).ok]).toEqual([true, false]);
    expect(at(begin + 59_000).absent).toMatchObject([{ starting: true }]);
    // By a clock that is behind that of the cluster, it would never be old.
    expect(at(begin - 61_000).absent).toMatchObject([{ starting: false }]);
  });
});

test('one whose image is still pulled is on the network already', () => {
  const pod = guarded('a', { state: { terminated: { exitCode: 0 } } });
  const metadata = { ...pod.metadata, annotations: { ...pod.metadata?.annotations, ...attachedTo(['192.168.50.20']) } };
  const { clients, absent } = statusOf(NETWORK, { ...healthy(), pending: [{ ...pod, metadata }] }, NOW);
  expect(absent).toEqual([]);
  expect(clients).toContainEqual({ namespace: 'apps', pod: 'a', addresses: ['192.168.50.20'] });
});

test('clients are known by the copy of the attachment in their namespace, or by our mark', () => {
  const observation = healthy('multi-node', {
    clients: [{ selector: { matchLabels: { egress: 'vpn' } }, attachment: 'PerNamespace', namespaces: ['apps'] }],
  });
  const copy = { ...clientPod('copy').metadata, annotations: { 'k8s.v1.cni.cncf.io/networks': 'vpn' } };
  const mark = { ...clientPod('mark').metadata, annotations: { 'gatewaynetwork.dev/client-of': 'egress/vpn' } };
  const running = [{ metadata: copy }, { metadata: mark }];
  expect(statusOf(NETWORK, { ...observation, running }, NOW).absent.map(({ pod }) => pod)).toEqual(['copy', 'mark']);
});

describe('where an admission policy chooses pods', () => {
  const OLD = new Date('2025-12-31T00:00:00Z');
  const observation = healthy('admission');
  const policies = observation.policies.map((policy) => ({
    ...policy,
    metadata: { ...policy.metadata, creationTimestamp: new Date(MADE) },
  }));
  const name = policies[0]?.metadata.name;
  const pod = (namespace: string, creationTimestamp: Date, labels: Readonly<Record<string, string>> = {}) => ({
    metadata: { name: 'a', namespace, creationTimestamp, labels: { ...labels } },
  });
  const chosen = observation.namespaces.find(({ metadata }) => metadata?.labels?.['egress'] === 'vpn')?.metadata?.name;
  const absentOf = (running: readonly Named[]) =>
    statusOf(NETWORK, { ...observation, policies, running }, NOW).absent.map(({ reason }) => reason);

  test('one that is older is no client', () => {
    expect(absentOf([pod(chosen ?? '', OLD)])).toEqual([
      `it is older than the policy ${name}, which chooses it: delete it, and its controller makes another`,
    ]);
  });

  test('nor is a younger one that was not changed', () => {
    expect(absentOf([pod(chosen ?? '', new Date(NOW))])).toEqual([
      `the policy ${name} chooses it and has not changed it: see whether the policy is bound, then delete the pod`,
    ]);
  });

  test('pods of other namespaces are not meant', () => {
    expect(absentOf([pod('elsewhere', OLD)])).toEqual([]);
  });

  test('nor are those of the network, by a policy that chooses all', () => {
    const all = policies.map(({ metadata }) => ({ metadata, spec: { matchConstraints: {} } }));
    const own = { 'gatewaynetwork.dev/network': 'vpn' };
    const running = [pod('egress', OLD, own), pod('apps', OLD, own)];
    const { absent } = statusOf(NETWORK, { ...observation, policies: all, running }, NOW);
    expect(absent.map(({ namespace }) => namespace)).toEqual(['apps']);
  });
});
