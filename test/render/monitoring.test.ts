import type { V1ConfigMap, V1DaemonSet, V1Deployment } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import type { KubernetesObject } from '../../fn/krm/input.ts';
import { render } from '../../fn/render/render.ts';
import { planOf } from '../plan/network.ts';
import { monitored, of } from './monitored.ts';

const OBJECTS = monitored();

test('nothing is rendered for monitoring unless it is asked for', () => {
  const plain = render(planOf('{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}}'));
  const names = (objects: readonly KubernetesObject[]) =>
    objects.map(({ kind, metadata }) => `${kind} ${metadata?.name}`);
  const further = names(OBJECTS).filter((name) => name.endsWith('-metrics'));
  expect(further).toEqual([
    'ServiceAccount vpn-metrics',
    'DaemonSet vpn-metrics',
    'PodMonitor vpn-metrics',
    'PrometheusRule vpn-metrics',
    'ConfigMap vpn-metrics',
  ]);
  expect(OBJECTS).toHaveLength(plain.length + further.length);
  expect(JSON.stringify(plain)).not.toMatch(/metrics|sent4/);
});

test('a node is served by a pod without privileges, on the pod network, that reads what the agent writes', () => {
  const { spec } = of(OBJECTS, 'DaemonSet', 'vpn-metrics') as V1DaemonSet;
  const { containers, volumes, ...pod } = spec?.template.spec ?? { containers: [] };
  expect(pod).toEqual({
    terminationGracePeriodSeconds: 1,
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: expect.any(Array),
    serviceAccountName: 'vpn-metrics',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
  });
  const directory = { path: '/run/gateway-network-metrics/egress_vpn', type: 'DirectoryOrCreate' };
  expect(volumes).toEqual([{ name: 'metrics', hostPath: directory }]);
  expect(containers).toEqual([
    {
      name: 'metrics',
      image: expect.stringContaining('gateway-network-node'),
      command: ['busybox', 'httpd', '-f', '-p', '[$(POD_IP)]:9473', '-h', '/run/gateway-network-metrics'],
      env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
      ports: [{ name: 'gwn-metrics', containerPort: 9473 }],
      resources: { requests: { cpu: '1m', memory: '4Mi' }, limits: { memory: '16Mi' } },
      securityContext: {
        runAsUser: 65534,
        runAsGroup: 65534,
        runAsNonRoot: true,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      },
      volumeMounts: [{ name: 'metrics', mountPath: '/run/gateway-network-metrics', readOnly: true }],
    },
  ]);
  const agent = (of(OBJECTS, 'DaemonSet', 'vpn-node-agent') as V1DaemonSet).spec?.template.spec;
  expect(agent?.volumes).toContainEqual({ name: 'metrics', hostPath: directory });
  expect(agent?.containers[0]?.volumeMounts).toContainEqual({
    name: 'metrics',
    mountPath: '/run/gateway-network-metrics',
  });
  expect(agent?.containers.flatMap(({ ports = [] }) => ports)).toEqual([]);
});

test('a router is served by a container of its pod, which starts when the rules are loaded', () => {
  const { spec } = of(OBJECTS, 'Deployment', 'vpn-router-0') as V1Deployment;
  const { initContainers, containers, volumes } = spec?.template.spec ?? { containers: [] };
  expect(initContainers?.map(({ name }) => name)).toEqual(['rules']);
  expect(containers.map(({ name }) => name)).toEqual(['router', 'metrics']);
  expect(volumes).toContainEqual({ name: 'metrics', emptyDir: { medium: 'Memory', sizeLimit: '4Mi' } });
  expect(volumes?.filter(({ hostPath }) => hostPath)).toEqual([]);
  const writers = containers.filter(({ volumeMounts = [] }) =>
    volumeMounts.some(({ name, readOnly }) => name === 'metrics' && readOnly !== true),
  );
  expect(writers.map(({ name }) => name)).toEqual(['router']);
});

test('the programs know where to write', () => {
  const configs = OBJECTS.filter(({ kind }) => kind === 'ConfigMap') as V1ConfigMap[];
  const pages = configs.flatMap(({ data }) => data?.['config.json']?.match(/"metricsPage": ".*"/) ?? []);
  expect(pages).toEqual(Array(2).fill('"metricsPage": "/run/gateway-network-metrics/metrics.txt"'));
});

test('a router counts what it forwards for each client, in sets that are bounded', () => {
  const [config] = OBJECTS.filter(({ metadata }) => /^vpn-router-\w{8}$/.test(metadata?.name ?? '')) as V1ConfigMap[];
  const rules = config?.data?.['rules.nft'] ?? '';
  expect(rules).toContain(`	set sent4 {
		type ipv4_addr
		size 239
		flags dynamic,timeout
		timeout 1h
	}
`);
  expect(rules).toContain(`	chain traffic {
		type filter hook forward priority filter + 10; policy accept;
		iifname "net1" oifname "eth0" ip saddr 192.168.50.0/24 update @sent4 { ip saddr counter }
		iifname "eth0" oifname "net1" ip daddr 192.168.50.0/24 update @received4 { ip daddr counter }
		iifname "net1" oifname "eth0" ip6 saddr fd00:50::/64 update @sent6 { ip6 saddr counter }
		iifname "eth0" oifname "net1" ip6 daddr fd00:50::/64 update @received6 { ip6 daddr counter }
	}
`);
});

test('a Prometheus finds the pods by the monitor, and monitor and rules by the labels of the user', () => {
  const monitor = of(OBJECTS, 'PodMonitor', 'vpn-metrics');
  expect(monitor).toMatchObject({
    apiVersion: 'monitoring.coreos.com/v1',
    metadata: { namespace: 'egress', labels: { release: 'prometheus', 'gatewaynetwork.dev/network': 'vpn' } },
    spec: {
      selector: { matchLabels: { 'gatewaynetwork.dev/network': 'vpn' } },
      podMetricsEndpoints: [{ port: 'gwn-metrics', path: '/metrics.txt' }],
    },
  });
  expect(of(OBJECTS, 'PrometheusRule', 'vpn-metrics').metadata?.labels).toEqual(monitor.metadata?.labels);
});

test('without agents only routers are served', () => {
  const operator =
    '{subnets: [192.168.50.0/24], agent: {type: NodeNetworkOperator}, monitoring: {type: PrometheusOperator}}';
  const kinds = render(planOf(operator)).map(({ kind }) => kind);
  expect(kinds).not.toContain('DaemonSet');
  expect(kinds).toContain('PodMonitor');
});
