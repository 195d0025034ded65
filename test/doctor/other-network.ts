import { configMap, type Planted } from './cluster-objects.ts';

/** Of a network that is in the cluster: all that tells its subnets and its VNI. */
export function otherNetwork(subnet: string, vni: number): readonly Planted[] {
  const labels = (component: string) => ({
    'gatewaynetwork.dev/network': 'other',
    'app.kubernetes.io/component': component,
  });
  const pods = (component: string, config: string) => ({
    metadata: { labels: labels(component) },
    spec: { containers: [{ name: component, image: 'a' }], volumes: [{ name: 'config', configMap: { name: config } }] },
  });
  const workload = (kind: string, component: string): Planted => ({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: `other-${component}`, namespace: 'egress', labels: labels(component) },
    spec: { selector: { matchLabels: labels(component) }, template: pods(component, `other-${component}`) },
  });
  const config = (component: string, text: object): Planted => ({
    ...configMap(`other-${component}`, { 'config.json': JSON.stringify(text) }, 'egress'),
    metadata: { name: `other-${component}`, namespace: 'egress', labels: labels(component) },
  });
  const common = { version: 1, network: 'egress/other', mtu: 1450 };
  return [
    workload('DaemonSet', 'node-agent'),
    workload('Deployment', 'router'),
    config('node-agent', {
      ...common,
      bridge: 'br-other',
      portGroup: 10_000_001,
      overlay: {
        device: 'vx-other',
        vni,
        port: 4799,
        family: 'IPv4',
        flooding: { type: 'Multicast', group: '239.0.0.1' },
      },
      ttl: 1,
      iptablesLegacy: 'Report',
    }),
    config('router', {
      ...common,
      interface: 'net1',
      subnets: [subnet],
      gateways: ['172.16.9.1'],
      hasAgents: true,
      bridgeAnswers: true,
      routers: [],
      egress: { type: 'ClusterNetwork', interface: 'eth0' },
      healthCheck: [],
    }),
  ];
}
