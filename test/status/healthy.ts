import type { CoreV1Event, V1DaemonSet, V1Deployment, V1Pod, V1PodTemplateSpec } from '@kubernetes/client-node';
import { expand } from '../../fn/index.ts';
import type { IPPool, Named, Observation } from '../../fn/cluster/observation.ts';
import { type Manifest, manifestsOf, ofKind } from '../engines/documents.ts';
import { example } from '../datapath/bed/example.ts';

export const NODES = ['node1', 'node2'];
/** When fixtures were made, and when they are looked at. */
export const MADE = '2026-01-01T00:00:00Z';
export const NOW = Date.parse('2026-01-01T01:00:00Z');
export const NETWORK = { namespace: 'egress', name: 'vpn' };

/** What a cluster has of an example when all is well, with two nodes and two clients. */
export function healthy(name = 'multi-node', fields: Readonly<Record<string, unknown>> = {}): Observation {
  const { text, problems } = expand(example(name, fields));
  if (text === '') throw new Error(problems.map(({ message }) => message).join('; '));
  const manifests = manifestsOf(text);
  const owned = (kind: string) => ofKind(manifests, kind).filter(isOwned) as readonly Named[] as readonly never[];
  const daemonSets: readonly V1DaemonSet[] = owned('DaemonSet').map((one: V1DaemonSet) => ({
    ...one,
    status: { desiredNumberScheduled: NODES.length } as NonNullable<V1DaemonSet['status']>,
  }));
  const deployments: readonly V1Deployment[] = owned('Deployment');
  const routers = deployments.map((one, index) => podOf(one, NODES[index % NODES.length]));
  return {
    server: 'https://127.0.0.1:6443',
    daemonSets,
    deployments,
    configMaps: owned('ConfigMap'),
    attachments: owned('NetworkAttachmentDefinition'),
    ipPools: [poolOf('192.168.50.0/24', { 16: 'apps/a', 17: 'apps/b' })],
    policies: owned('MutatingAdmissionPolicy'),
    namespaces: ofKind(manifests, 'Namespace'),
    pods: [...daemonSets.flatMap((one) => NODES.map((node) => podOf(one, node))), ...routers],
    running: [...routers, clientPod('a', ['192.168.50.16']), clientPod('b', ['192.168.50.17'])],
    pending: [],
    events: [],
    logs: routers.slice(1).length > 0 ? routers.map((pod, index) => logOf(pod, index === 0)) : [],
  };
}

/** A pool of whereabouts, with the pods that have addresses, by their offsets. */
export function poolOf(range: string, pods: Readonly<Record<string, string>>): IPPool {
  const allocations = Object.fromEntries(Object.entries(pods).map(([offset, podref]) => [offset, { podref }]));
  return { metadata: { name: range.replace('/', '-'), namespace: 'kube-system' }, spec: { range, allocations } };
}

function isOwned({ metadata }: Manifest): boolean {
  return metadata.labels?.['gatewaynetwork.dev/network'] !== undefined;
}

/** A ready pod of a DaemonSet or a Deployment. */
export function podOf({ metadata, spec }: V1DaemonSet | V1Deployment, node = 'node1'): V1Pod {
  const template: V1PodTemplateSpec = spec?.template ?? {};
  const name = `${metadata?.name}-${node}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...template.metadata,
      name,
      namespace: metadata?.namespace ?? '',
      uid: name,
    },
    spec: { containers: [], ...template.spec, nodeName: node },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: new Date(MADE) }] },
  };
}

/** The log of a router's keepalived, which was in the other state before. */
export function logOf({ metadata }: V1Pod, isActive: boolean) {
  const states = ['ready', "ready; this router has the gateway's addresses"];
  const words = ['Keepalived v2.3.3', ...(isActive ? states : states.toReversed()), '(gateway) a line'];
  const lines = words.map((line, index) => `2026-01-01T00:0${index}:00.5Z ${line}\n`);
  return { namespace: metadata?.namespace ?? '', pod: metadata?.name ?? '', text: lines.join('') };
}

export const REQUEST = { 'k8s.v1.cni.cncf.io/networks': 'egress/vpn' };

/** What Multus notes of a client. */
export function attachedTo(ips: readonly string[]): Readonly<Record<string, string>> {
  const interfaces = [
    { name: 'kindnet', interface: 'eth0', ips: ['10.244.0.5'], default: true },
    { name: 'egress/vpn', interface: 'net1', ips },
  ];
  return { 'k8s.v1.cni.cncf.io/network-status': JSON.stringify(interfaces) };
}

/** A pod in `apps` that requests the network, and is on it where it has addresses. */
export function clientPod(name: string, ips?: readonly string[]): V1Pod {
  const annotations = { ...REQUEST, ...(ips && attachedTo(ips)) };
  return {
    metadata: { name, namespace: 'apps', uid: name, creationTimestamp: new Date(MADE), labels: {}, annotations },
  };
}

/** What the kubelet says of a pod, so many minutes after it was made. */
export function eventOf(pod: Named, reason: string, message: string, minutes = 1): CoreV1Event {
  const { name = '', namespace = '', uid = '' } = pod.metadata ?? {};
  const lastTimestamp = new Date(Date.parse(MADE) + minutes * 60_000);
  const involvedObject = { kind: 'Pod', name, namespace, uid };
  return { metadata: { name: `${name}.${minutes}`, namespace }, involvedObject, reason, message, lastTimestamp };
}
