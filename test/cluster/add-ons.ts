import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stream } from './stream.ts';
import { SERVICES } from './control-plane.ts';

/** What is needed of an object here. */
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: object };
}

/** The names of the images that add-ons run in: those that their own manifests name. */
export const IMAGES = {
  multus: 'ghcr.io/k8snetworkplumbingwg/multus-cni:snapshot',
  thickMultus: 'ghcr.io/k8snetworkplumbingwg/multus-cni:snapshot-thick',
  whereabouts: 'ghcr.io/k8snetworkplumbingwg/whereabouts:latest',
  coreDns: 'registry.k8s.io/coredns/coredns:test',
} as const;

/** Multus and whereabouts by their own manifests, from the folder where they were built. */
export function multusManifests(folder: string, form: 'thin' | 'thick'): string {
  const files = [
    form === 'thin' ? 'multus-daemonset.yml' : 'multus-daemonset-thick.yml',
    'whereabouts.cni.cncf.io_ippools.yaml',
    'whereabouts.cni.cncf.io_overlappingrangeipreservations.yaml',
    'whereabouts.cni.cncf.io_nodeslicepools.yaml',
    'daemonset-install.yaml',
  ];
  return files.map((file) => withoutPulls(readFileSync(join(folder, file), 'utf8'))).join('\n---\n');
}

/**
 * Manifests whose images are on the nodes already: those with the tag "latest" are asked for again each time unless
 * told.
 */
export function withoutPulls(text: string): string {
  return text
    .replaceAll(/^ *imagePullPolicy: .*\n/gm, '')
    .replaceAll(/^( *)(- )?image: .*/gm, (line, indent: string, dash = '') => {
      return `${line}\n${indent}${dash === '' ? '' : '  '}imagePullPolicy: IfNotPresent`;
    });
}

/** The cluster's name server. What is no name of the cluster it asks of those of its node. */
export function coreDnsManifests(): string {
  const metadata = { name: 'coredns', namespace: 'kube-system' };
  const labels = { 'k8s-app': 'kube-dns' };
  const read = (apiGroups: readonly string[], resources: readonly string[]) => ({
    apiGroups,
    resources,
    verbs: ['list', 'watch'],
  });
  const corefile = `.:53 {
    errors
    health
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 30
    }
    forward . /etc/resolv.conf
    cache 30
    loop
    loadbalance
}
`;
  const probe = (path: string, port: number) => ({ httpGet: { path, port }, periodSeconds: 1 });
  const objects: readonly (Manifest & Readonly<Record<string, unknown>>)[] = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'system:coredns' },
      rules: [
        read([''], ['endpoints', 'services', 'pods', 'namespaces']),
        read(['discovery.k8s.io'], ['endpointslices']),
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'system:coredns' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:coredns' },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { Corefile: corefile } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: 'coredns',
            priorityClassName: 'system-cluster-critical',
            dnsPolicy: 'Default',
            terminationGracePeriodSeconds: 1,
            containers: [
              {
                name: 'coredns',
                image: IMAGES.coreDns,
                args: ['-conf', '/etc/coredns/Corefile'],
                livenessProbe: probe('/health', 8080),
                readinessProbe: probe('/ready', 8181),
                volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
              },
            ],
            volumes: [{ name: 'config', configMap: { name: 'coredns' } }],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system', labels },
      spec: {
        selector: labels,
        clusterIP: SERVICES.dns,
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP' },
          { name: 'dns-tcp', port: 53, protocol: 'TCP' },
        ],
      },
    },
  ];
  return stream(objects);
}
