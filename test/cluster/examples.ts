import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { kind } from './kinds.ts';
import { stream } from './stream.ts';
import type { World } from './world.ts';

/** An example as it is installed here. */
export interface Example {
  /** Its folder. */
  readonly name: string;
  /**
   * The workloads of its clients, by their label `app`, how many pods they have, and the interface that is not `net1`.
   */
  readonly clients: readonly {
    readonly app: string;
    readonly pods: number;
    readonly namespace?: string;
    readonly device?: string;
  }[];
  /** The IP families of its network. */
  readonly families: readonly ('IPv4' | 'IPv6')[];
  /** Where the clients' packets come from outside: the node of their router unless given. */
  readonly egress?: 'node' | 'vlan' | 'tunnel';
  /** Files that a reader adds or changes, by their names. */
  readonly files?: (world: World, folder: string) => Readonly<Record<string, string>>;
  /** What a reader puts in the place of what a command leaves open. */
  readonly edit?: (commands: string) => string;
  /** What has to be so before. */
  readonly prepare?: (world: World) => Promise<unknown>;
}

const CLIENT = [{ app: 'client', pods: 2 }];
const IPv4 = ['IPv4'] as const;
const BOTH = ['IPv4', 'IPv6'] as const;

/** A pod that is ready when the kubelet has asked it over HTTP. */
const PROBED = JSON.stringify({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'probed', namespace: 'apps' },
  spec: {
    selector: { matchLabels: { app: 'probed' } },
    template: {
      metadata: { labels: { app: 'probed', egress: 'vpn' } },
      spec: {
        containers: [
          {
            name: 'probed',
            image: 'docker.io/library/busybox:1.37.0',
            command: ['httpd', '-f', '-p', '8080', '-h', '/etc'],
            readinessProbe: { httpGet: { path: '/hostname', port: 8080 }, periodSeconds: 1 },
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 65534,
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
              seccompProfile: { type: 'RuntimeDefault' },
            },
          },
        ],
      },
    },
  },
});

/** The other network of some workloads. */
const STORAGE = `apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: {name: storage, namespace: apps}
spec:
  config: '{"cniVersion": "1.0.0", "name": "storage", "plugins": [{"type": "macvlan", "master": "eth1.99"}]}'
`;

/** The one that `npm run cluster` installs. Its network is that of docs/getting-started.md, which a test goes through. */
export const MULTI_NODE: Example = { name: 'multi-node', clients: CLIENT, families: IPv4 };

export const EXAMPLES: readonly Example[] = [
  { name: 'single-node', clients: CLIENT, families: IPv4 },
  { name: 'dual-stack', clients: CLIENT, families: BOTH },
  { name: 'multicast', clients: CLIENT, families: IPv4 },
  {
    name: 'ha-vrrp',
    clients: [...CLIENT, { app: 'probed', pods: 1 }],
    families: BOTH,
    files: () => ({ 'probed.yaml': PROBED }),
  },
  {
    name: 'client-options',
    clients: [
      { app: 'crawler', pods: 3 },
      { app: 'mail', pods: 1 },
      { app: 'peer', pods: 1, namespace: 'edge' },
    ],
    families: BOTH,
  },
  {
    name: 'port-forward',
    clients: [{ app: 'server', pods: 1 }],
    families: BOTH,
    // The busybox of Debian, which stands for that of the image, has another option for a server that stays.
    files: (_, folder) => ({
      'server.yaml': readFileSync(join(folder, 'server.yaml'), 'utf8').replace('nc, -lk,', 'nc, -ll,'),
    }),
  },
  {
    name: 'two-networks',
    clients: [...CLIENT, { app: 'scanner', pods: 2 }],
    families: IPv4,
    prepare: async ({ cluster }) => cluster.kubectl(['label', 'node', 'node2', 'example.com/zone=edge']),
  },
  { name: 'untrusted-vlan', clients: CLIENT, families: BOTH, egress: 'vlan' },
  { name: 'ha-vlan-conntrack', clients: CLIENT, families: BOTH, egress: 'vlan' },
  {
    name: 'vpn-wireguard',
    clients: CLIENT,
    families: BOTH,
    egress: 'tunnel',
    // The kernel here has no WireGuard.
    files: ({ wireGuard }, folder) => ({
      'gateway-network.yaml': changed(folder, ['gateway', 'egress', 'vpn', 'wireGuard', 'implementation'], 'Userspace'),
      '../../provider.conf': wireGuard.clients[0] ?? '',
    }),
  },
  {
    name: 'vpn-gluetun',
    clients: CLIENT,
    families: IPv4,
    egress: 'tunnel',
    files: ({ openVpn }) => ({ '../../provider.conf': openVpn.clients[0] ?? '' }),
    edit: (commands) => commands.replace('OPENVPN_PASSWORD=...', 'OPENVPN_PASSWORD="$(cat provider.conf)"'),
  },
  {
    name: 'inject-workloads',
    clients: [
      { app: 'web', pods: 2 },
      { app: 'database', pods: 1, device: 'net3' },
      { app: 'indexer', pods: 2, namespace: 'media' },
    ],
    families: IPv4,
    files: () => ({ 'storage.yaml': STORAGE }),
    prepare: async ({ cluster }) => {
      const kinds = [
        kind('argoproj.io', 'v1alpha1', 'Rollout'),
        kind('leaderworkerset.x-k8s.io', 'v1', 'LeaderWorkerSet'),
      ];
      await cluster.kubectl(['apply', '-f', '-'], stream(kinds));
      await cluster.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s']);
    },
  },
  { name: 'admission', clients: CLIENT, families: IPv4 },
  { name: 'kustomize-generator', clients: CLIENT, families: IPv4 },
  { name: 'kustomize-transformer', clients: CLIENT, families: IPv4 },
  { name: 'kpt-package', clients: CLIENT, families: IPv4 },
  { name: 'argo-cd', clients: CLIENT, families: IPv4 },
];

/** Those that cannot be installed here, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  flux: 'its objects are of the controllers of Flux',
  'node-network-operator': 'its Links are of an operator',
};

function changed(folder: string, path: readonly string[], value: unknown): string {
  const document = parseDocument(readFileSync(join(folder, 'gateway-network.yaml'), 'utf8'));
  document.setIn(['spec', ...path], value);
  return String(document);
}
