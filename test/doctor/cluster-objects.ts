/** An object of a cluster, with the status that its controllers would give it. */
export interface Planted {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
  };
  readonly [field: string]: unknown;
}

export const NODES = ['node1', 'node2'];
/** When Multus became ready, and when the other pods were made. */
const READY = '2026-01-01T00:00:00Z';
const MADE = '2026-01-01T01:00:00Z';

export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): Planted {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

interface NodeFields {
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: object;
  readonly info?: object;
}

/** A node, with a subnet for its pods; the fields of `nodeInfo` are those of Debian unless given. */
export function node(number: number, { labels = {}, spec = {}, info = {} }: NodeFields = {}): Planted {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: `node${number}`,
      labels: {
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': `node${number}`,
        ...labels,
      },
    },
    spec: { podCIDR: `10.244.${number}.0/24`, podCIDRs: [`10.244.${number}.0/24`], ...spec },
    status: {
      addresses: [{ type: 'InternalIP', address: `192.168.1.${number}` }],
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: '' }],
      nodeInfo: {
        architecture: 'amd64',
        operatingSystem: 'linux',
        osImage: 'Debian GNU/Linux 12 (bookworm)',
        kernelVersion: '6.1.0-44-amd64',
        kubeletVersion: 'v1.37.2',
        kubeProxyVersion: '',
        containerRuntimeVersion: 'containerd://2.1.4',
        bootID: 'a',
        machineID: 'a',
        systemUUID: 'a',
        ...info,
      },
    },
  };
}

/** The same of both nodes. */
export function nodes(fields: NodeFields): readonly Planted[] {
  return [node(1, fields), node(2, fields)];
}

/** A CustomResourceDefinition that stores anything, by its name. */
export function customKind(name: string, kind: string, scope = 'Namespaced', version = 'v1'): Planted {
  const [plural = '', ...group] = name.split('.');
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: {
      group: group.join('.'),
      scope,
      names: { plural, singular: kind.toLowerCase(), kind },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
}

export interface DaemonFields {
  readonly namespace?: string;
  readonly args?: readonly string[];
  readonly image?: string;
  /** Folders of the nodes, by the name of the volume. */
  readonly folders?: Readonly<Record<string, string>>;
  readonly config?: string;
  /** Other containers. */
  readonly beside?: readonly { readonly name: string; readonly args?: readonly string[] }[];
}

/** A DaemonSet with a container of a name, which is ready on every node. */
export function daemonSet(name: string, container: string, fields: DaemonFields = {}): Planted {
  const {
    namespace: home = 'kube-system',
    args = [],
    image = `example.com/${container}:v1`,
    folders = {},
    config,
    beside = [],
  } = fields;
  const labels = { name };
  const volumes = [
    ...Object.entries(folders).map(([volume, path]) => ({ name: volume, hostPath: { path } })),
    ...(config === undefined ? [] : [{ name: 'config', configMap: { name: config } }]),
  ];
  const containers = [{ name: container, image, args }, ...beside.map((one) => ({ image, ...one }))];
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: home },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { hostNetwork: true, containers, volumes } },
    },
    status: {
      desiredNumberScheduled: NODES.length,
      currentNumberScheduled: NODES.length,
      numberMisscheduled: 0,
      numberReady: NODES.length,
    },
  };
}

/** A pod of a DaemonSet on a node. */
export function podOfDaemonSet(name: string, nodeName: string, home = 'kube-system', isReady = true): Planted {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${name}-${nodeName}`, namespace: home, labels: { name } },
    spec: { nodeName, hostNetwork: true, containers: [{ name: 'a', image: 'a' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False', lastTransitionTime: READY }],
    },
  };
}

/** A pod that a node runs, with the annotation of Multus unless it has not attached it. */
export function pod(name: string, nodeName: string, isAttached = true, home = 'web'): Planted {
  const status = JSON.stringify([{ name: 'kindnet', interface: 'eth0', ips: ['10.244.1.5'], default: true }]);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: home,
      creationTimestamp: MADE,
      ...(isAttached && { annotations: { 'k8s.v1.cni.cncf.io/network-status': status } }),
    },
    spec: { nodeName, containers: [{ name: 'a', image: 'a' }] },
    status: { phase: 'Running' },
  };
}

export function configMap(name: string, data: Readonly<Record<string, string>>, home = 'kube-system'): Planted {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: home }, data };
}

export function secret(name: string, ...keys: readonly string[]): Planted {
  const data = Object.fromEntries(keys.map((key) => [key, 'c2VjcmV0']));
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'egress' }, data };
}

export function corefile(domain = 'cluster.local'): Planted {
  const text = `.:53 {\n    errors\n    kubernetes ${domain} in-addr.arpa ip6.arpa {\n        pods insecure\n    }\n}\n`;
  return configMap('coredns', { Corefile: text });
}

/** What a kubelet says of a pod whose plugin is not on its node. */
export function missingPlugin(plugin: string): Planted {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `no-${plugin}`, namespace: 'apps' },
    involvedObject: { kind: 'Pod', namespace: 'apps', name: 'client-0' },
    reason: 'FailedCreatePodSandBox',
    message: `Failed to create pod sandbox: plugin type="multus" failed (add): failed to find plugin "${plugin}" in path [/opt/cni/bin]`,
    type: 'Warning',
    source: { component: 'kubelet', host: 'node2' },
  };
}

/** Objects of which each replaces the one of its kind, namespace and name. */
export function replaced(objects: readonly Planted[], ...others: readonly Planted[]): readonly Planted[] {
  return [...new Map([...objects, ...others].map((one) => [keyOf(one), one])).values()];
}

export function without(objects: readonly Planted[], ...names: readonly string[]): readonly Planted[] {
  return objects.filter((one) => !names.includes(`${one.kind} ${one.metadata.name}`));
}

export function keyOf({ kind, metadata }: Planted): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}
