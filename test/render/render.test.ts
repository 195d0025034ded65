import type { V1ConfigMap, V1DaemonSet, V1Deployment, V1PodSpec } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { identityKey } from '../../fn/krm/item.ts';
import { render } from '../../fn/render/render.ts';
import { MULTI_NODE, planOf } from '../plan/network.ts';

const MULTICAST = 'flooding: {type: Multicast, multicast: {group: 224.0.0.88}}, underlay: {interface: eth0}';
const OPERATOR = `{subnets: [10.9.0.0/24], agent: {type: NodeNetworkOperator}, overlay: {vni: 7, ${MULTICAST}}}`;

/** Kind and name of every object of a network, in order. */
function objects(spec: string): readonly string[] {
  return render(planOf(spec)).map(({ kind, metadata }) => `${kind} ${withoutHash(metadata?.name)}`);
}

/** The name of a ConfigMap ends with a hash. */
function withoutHash(name = ''): string {
  return name.replace(/-[\da-f]{8}$/, '-HASH');
}

// oxlint-disable-next-line no-unnecessary-type-parameters -- the caller knows what kind it asks for
function find<T>(spec: string, kind: string, name: string): T {
  return render(planOf(spec)).find(
    (object) => object.kind === kind && withoutHash(object.metadata?.name) === name,
  ) as T;
}

describe('the objects of a network', () => {
  test('over all nodes', () => {
    expect(objects(MULTI_NODE)).toEqual([
      'NetworkAttachmentDefinition vpn',
      'ServiceAccount vpn-node-agent',
      'ConfigMap vpn-node-agent-HASH',
      'DaemonSet vpn-node-agent',
      'Service vpn-peers',
      'ServiceAccount vpn-router',
      'ConfigMap vpn-router-HASH',
      'NetworkAttachmentDefinition vpn-router-0',
      'Deployment vpn-router-0',
    ]);
  });

  test.each([
    ['on one node', '{subnets: [10.9.0.0/24]}'],
    [
      'with listed peers',
      '{subnets: [10.9.0.0/24], overlay: {vni: 7, flooding: {type: Unicast, unicast: {peers: [172.18.0.2]}}}}',
    ],
    ['with multicast', `{subnets: [10.9.0.0/24], overlay: {vni: 7, ${MULTICAST}}}`],
  ])('%s need no Service to find peers', (_, spec) => {
    expect(objects(spec).filter((name) => name.startsWith('Service '))).toEqual([]);
  });

  test('built by node-network-operator are Links instead of a DaemonSet', () => {
    expect(objects(OPERATOR).filter((name) => /Link|DaemonSet|node-agent/.test(name))).toEqual([
      'Link egress-vpn-bridge',
      'Link egress-vpn-underlay',
      'Link egress-vpn-vxlan',
    ]);
  });

  test('are each of their own, and say whose they are', () => {
    const rendered = render(planOf(MULTI_NODE));
    const keys = rendered.map(({ apiVersion = '', kind = '', metadata }) =>
      identityKey({ apiVersion, kind, name: metadata?.name ?? '', namespace: metadata?.namespace ?? '' }),
    );
    expect(new Set(keys).size).toBe(rendered.length);
    for (const { metadata } of rendered) {
      expect(metadata?.labels?.['gatewaynetwork.dev/network']).toBe('vpn');
      expect(metadata?.namespace).toBe('egress');
    }
  });

  test('name no namespace where the network names none', () => {
    for (const { metadata } of render(planOf(MULTI_NODE, { name: 'vpn' })))
      expect(metadata).not.toHaveProperty('namespace');
  });
});

const agent = () => find<V1DaemonSet>(MULTI_NODE, 'DaemonSet', 'vpn-node-agent').spec?.template;
const router = () => find<V1Deployment>(MULTI_NODE, 'Deployment', 'vpn-router-0').spec?.template;

describe.each([
  ['the node agent', agent],
  ['the router', router],
])('%s', (_, template) => {
  const pod = template()?.spec as V1PodSpec;
  const [container, ...more] = pod.containers;

  test('has one container that may change its network and nothing else', () => {
    expect(more).toEqual([]);
    expect(container?.securityContext).toEqual({
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  test('has no token, no environment of services and nothing of the host but what it reads', () => {
    expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
    const mounted = pod.volumes?.filter((volume) => volume.hostPath).map(({ name }) => name) ?? [];
    const mounts = container?.volumeMounts?.filter(({ name }) => mounted.includes(name)) ?? [];
    expect(mounts.filter(({ readOnly }) => !readOnly)).toEqual([]);
  });

  test('is probed from inside, without a port', () => {
    expect(container?.readinessProbe?.exec?.command?.slice(-2)).toEqual(['ready', '--wait=10']);
    expect(container?.livenessProbe?.exec?.command?.at(-1)).toBe('alive');
    expect(container).not.toHaveProperty('ports');
  });

  test('reads the ConfigMap that was rendered for it', () => {
    const [config] = pod.volumes?.filter(({ name }) => name === 'config') ?? [];
    expect(objects(MULTI_NODE)).toContain(`ConfigMap ${withoutHash(config?.configMap?.name)}`);
  });
});

describe('the node agent', () => {
  const METRICS = '{type: Textfile, textfile: {directory: /var/lib/textfiles}}';
  const asked = find<V1DaemonSet>(
    `{subnets: [10.9.0.0/24], nodeRules: {iptablesLegacy: Manage}, agent: {type: DaemonSet, daemonSet: {metrics: ${METRICS}}}}`,
    'DaemonSet',
    'vpn-node-agent',
  ).spec?.template.spec;

  test('may see the legacy backend of iptables and write metrics only where it is asked to', () => {
    const [container] = asked?.containers ?? [];
    expect(container?.securityContext?.capabilities).toEqual({ drop: ['ALL'], add: ['NET_ADMIN', 'NET_RAW'] });
    expect(asked?.volumes?.filter((volume) => volume.hostPath)).toEqual([
      { name: 'cni-results', hostPath: { path: '/var/lib/cni/multus', type: 'DirectoryOrCreate' } },
      { name: 'xtables-lock', hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' } },
      { name: 'metrics', hostPath: { path: '/var/lib/textfiles', type: 'DirectoryOrCreate' } },
    ]);
    expect(container?.volumeMounts?.slice(-2)).toEqual([
      { name: 'xtables-lock', mountPath: '/run/xtables.lock' },
      { name: 'metrics', mountPath: '/run/gateway-network-metrics' },
    ]);
  });

  test('knows the node and itself', () => {
    expect(agent()?.spec?.containers[0]?.env).toEqual([
      { name: 'HOST_IP', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    ]);
  });

  test('is there before the one it follows goes, which has time to wait for it', () => {
    expect(find<V1DaemonSet>(MULTI_NODE, 'DaemonSet', 'vpn-node-agent').spec?.updateStrategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: '10%', maxUnavailable: 0 },
    });
    expect(agent()?.spec?.terminationGracePeriodSeconds).toBe(60);
  });
});

test('every object says which release has rendered it, and no pod does', () => {
  for (const { metadata, kind, spec } of [
    ...render(planOf(MULTI_NODE)),
    ...render(planOf(OPERATOR)),
  ] as V1Deployment[]) {
    expect([kind, metadata?.labels?.['app.kubernetes.io/version']]).toEqual([kind, __VERSION__]);
    expect(spec?.template?.metadata?.labels ?? {}).not.toHaveProperty('app.kubernetes.io/version');
  }
});

test('the agent runs on every node, as part of the node', () => {
  expect(agent()?.spec).toMatchObject({
    hostNetwork: true,
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ operator: 'Exists' }],
  });
});

test('agent and routers have the priority classes that were asked for, and no others', () => {
  const asked =
    '{subnets: [192.168.50.0/24], overlay: {vni: 7}, agent: {type: DaemonSet, daemonSet: {priorityClassName: a}}, gateway: {priorityClassName: b}}';
  expect(find<V1DaemonSet>(asked, 'DaemonSet', 'vpn-node-agent').spec?.template.spec?.priorityClassName).toBe('a');
  expect(find<V1Deployment>(asked, 'Deployment', 'vpn-router-0').spec?.template.spec?.priorityClassName).toBe('b');
  expect(agent()).not.toHaveProperty('priorityClassName');
});

test('a router never has two pods at once, since its address is fixed', () => {
  expect(find<V1Deployment>(MULTI_NODE, 'Deployment', 'vpn-router-0').spec).toMatchObject({
    replicas: 1,
    strategy: { type: 'Recreate' },
  });
});

test('images are pulled with the secrets that are named', () => {
  const { spec } = find<V1Deployment>(
    '{subnets: [10.9.0.0/24], images: {node: "r/i:v1", pullSecrets: [s]}}',
    'Deployment',
    'vpn-router-0',
  );
  expect(spec?.template.spec).toMatchObject({ imagePullSecrets: [{ name: 's' }], containers: [{ image: 'r/i:v1' }] });
});

test('the programs are ASCII, which JavaScript holds in half the memory of other text', () => {
  for (const { kind, metadata, data = {} } of render(planOf(MULTI_NODE)) as V1ConfigMap[]) {
    if (kind === 'ConfigMap') expect(Object.values(data).join(''), metadata?.name).toMatch(/^[\n\t -~]+$/);
  }
});
