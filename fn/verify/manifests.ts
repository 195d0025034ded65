import type { V1ConfigMap, V1Namespace, V1NetworkPolicy, V1Pod, V1PodSpec, V1Service } from '@kubernetes/client-node';
import { API_GROUP, NETWORKS_ANNOTATION } from '../marks.ts';
import { UNPRIVILEGED } from '../plan/unprivileged.ts';
import { labelOf } from '../status/owner.ts';
import ASK from './programs/ask.pl';
import CALLS from './programs/calls.pl';
import SERVE from './programs/serve.pl';
import WATCH from './programs/watch.pl';
import { prefixOf, type TestRange } from './range.ts';
import type { Subject } from './subject.ts';

/** Marks the namespaces of tests; the value is the name of the network. */
export const TEST_LABEL = `${API_GROUP}/test`;
/** Where servers listen, over TCP and UDP. */
export const PORT = 8080;
/** The interface of clients on the network. */
export const INTERFACE = 'net1';
export const PROGRAMS = '/opt/gateway-network-test';
/** The container of each pod: admission webhooks may add others. */
export const CONTAINER = 'test';

/** The names of the pods, by what they do and where. */
export const SERVER = 'server';
/** The same, which a NetworkPolicy lets nobody reach. */
export const CLOSED = 'closed';
export const clientName = (index: number): string => `client-${index}`;
export const watcherName = (index: number): string => `watcher-${index}`;

/** Only root keeps a capability. */
const LISTENING = {
  ...UNPRIVILEGED,
  runAsUser: 0,
  runAsGroup: 0,
  runAsNonRoot: false,
  capabilities: { drop: ['ALL'], add: ['NET_RAW'] },
};

/** What is made for a test, where, and how long its pods may run, in seconds. */
export interface Stage {
  readonly namespace: string;
  readonly subject: Subject;
  /** Those that have a client and a watcher each. */
  readonly nodes: readonly string[];
  readonly range: TestRange;
  readonly deadline: number;
  /** Whether the network has NetworkPolicies, so that they have to be enforced. */
  readonly hasPolicies: boolean;
}

/** Watchers are on the network of their nodes, which `baseline` does not allow. */
export function namespaceOf({ namespace, subject }: Stage): V1Namespace {
  const labels = { [TEST_LABEL]: subject.name, 'pod-security.kubernetes.io/enforce': 'privileged' };
  const annotations = { [`${API_GROUP}/test-of`]: labelOf(subject) };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels, annotations } };
}

export function programsOf({ namespace }: Stage): V1ConfigMap {
  const data = { 'ask.pl': ASK, 'calls.pl': CALLS, 'serve.pl': SERVE, 'watch.pl': WATCH };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'programs', namespace }, data };
}

export function serviceOf({ namespace }: Stage): V1Service {
  const spec = {
    selector: { app: SERVER },
    ipFamilyPolicy: 'PreferDualStack',
    ports: ['TCP', 'UDP'].map((protocol) => ({ name: protocol.toLowerCase(), protocol, port: PORT })),
  };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: SERVER, namespace }, spec };
}

export function policyOf({ namespace }: Stage): V1NetworkPolicy {
  const spec = { podSelector: { matchLabels: { app: CLOSED } }, policyTypes: ['Ingress'] };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: CLOSED, namespace }, spec };
}

export function podsOf(stage: Stage): readonly V1Pod[] {
  const { nodes, hasPolicies } = stage;
  return [
    ...nodes.map((node, index) => watcher(stage, node, index)),
    ...[SERVER, ...(hasPolicies ? [CLOSED] : [])].map((name) => server(stage, name, nodes[1] ?? nodes[0] ?? '')),
    ...nodes.map((node, index) => client(stage, node, index)),
  ];
}

/** Counts what passes the interfaces of a node. */
function watcher(stage: Stage, node: string, index: number): V1Pod {
  const { IPv4, IPv6 } = stage.range;
  // Where a family has no such range, nothing is sent to it either.
  const prefixes = [IPv4 ? prefixOf(IPv4) : 'c00002', IPv6 ? prefixOf(IPv6) : '20010db800000000'];
  return pod(stage, watcherName(index), node, {
    command: ['watch.pl', ...prefixes],
    security: LISTENING,
    spec: { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' },
  });
}

/** A pod of the cluster that is no client. */
function server(stage: Stage, name: string, node: string): V1Pod {
  return pod(stage, name, node, { command: ['serve.pl', String(PORT)], security: UNPRIVILEGED, isProbed: true });
}

function client(stage: Stage, node: string, index: number): V1Pod {
  const { attachment, gateways, resolver } = stage.subject;
  return pod(stage, clientName(index), node, {
    command: ['serve.pl', String(PORT)],
    security: UNPRIVILEGED,
    isProbed: true,
    annotations: { [NETWORKS_ANNOTATION]: `${attachment}@${INTERFACE}` },
    spec: {
      // So that ping(8) needs no capability.
      securityContext: { sysctls: [{ name: 'net.ipv4.ping_group_range', value: '0 2147483647' }] },
      ...(resolver && { dnsPolicy: 'None', dnsConfig: dnsOf(stage.namespace, gateways, resolver.clusterDomain) }),
    },
  });
}

/** What clients with `dns: Gateway` have. */
function dnsOf(namespace: string, nameservers: readonly string[], domain: string): NonNullable<V1PodSpec['dnsConfig']> {
  const searches = [`${namespace}.svc.${domain}`, `svc.${domain}`, domain];
  return { nameservers: [...nameservers], searches, options: [{ name: 'ndots', value: '5' }] };
}

interface Particular {
  /** A program of {@link PROGRAMS}, and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly security: NonNullable<V1PodSpec['containers'][number]['securityContext']>;
  /** Whether the kubelet has to reach it before it is ready. */
  readonly isProbed?: true;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: Partial<V1PodSpec>;
}

function pod({ namespace, subject, deadline }: Stage, name: string, node: string, particular: Particular): V1Pod {
  const { command, security, isProbed, annotations, spec } = particular;
  const [program, ...args] = command;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: name }, ...(annotations && { annotations }) },
    spec: {
      nodeName: node,
      restartPolicy: 'Never',
      activeDeadlineSeconds: deadline,
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      tolerations: [{ operator: 'Exists' }],
      ...spec,
      containers: [
        {
          name: CONTAINER,
          image: subject.image,
          command: ['perl', `${PROGRAMS}/${program}`, ...args],
          resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
          securityContext: security,
          volumeMounts: [{ name: 'programs', mountPath: PROGRAMS, readOnly: true }],
          ...(isProbed && { readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1, timeoutSeconds: 1 } }),
        },
      ],
      volumes: [{ name: 'programs', configMap: { name: 'programs' } }],
    },
  };
}
