import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import type { V1Container, V1PodTemplateSpec, V1Volume } from '@kubernetes/client-node';
import type { Namespace } from '../../agent/namespace.ts';
import { type Container, startContainer } from '../image/container.ts';
import type { Mount } from '../image/oci-config.ts';
import { type Cluster, DNS } from './cluster.ts';
import { CLUSTER_DOMAIN } from './dns.ts';
import type { Manifests } from './manifests.ts';
import { createSandbox, type Node, type Sandbox } from './node.ts';

/** A pod of ours: its network namespace, and its one container as the manifest has it. */
export interface Pod {
  readonly node: Node;
  readonly name: string;
  /** Of the pod, or of the node where the pod asks for the host network. */
  readonly namespace: Namespace;
  readonly sandbox: Sandbox | undefined;
  /** Runs the readiness probe. */
  readonly probe: () => { readonly status: number | null; readonly output: string };
  readonly log: () => string;
  /** Ends the container with a signal; the pod stays. */
  readonly kill: (signal: 'SIGKILL' | 'SIGTERM') => Promise<void>;
  /** Starts the container again in the same pod, as the kubelet does when it has ended. */
  readonly restart: () => void;
  /** Deletes the pod as the kubelet does: SIGTERM, then SIGKILL when the grace period is over. */
  readonly remove: () => Promise<void>;
  /** The ids of the container's processes. */
  readonly processes: () => readonly number[];
}

export interface PodRequest {
  readonly node: Node;
  /** The Kubernetes namespace. */
  readonly namespace: string;
  readonly template: V1PodTemplateSpec;
}

let count = 0;

/** Does for one pod what the kubelet, Multus and the container runtime do. */
export function startPod(cluster: Cluster, manifests: Manifests, request: PodRequest): Pod {
  const { node, namespace: kubernetesNamespace, template } = request;
  const { spec } = template;
  const [container] = spec?.containers ?? [];
  if (!spec || !container) throw new Error('the pod has no container');
  const name = `${container.name}-${count++}`;
  const sandbox = spec.hostNetwork
    ? undefined
    : createSandbox(node, {
        name,
        kubernetesNamespace,
        annotations: template.metadata?.annotations ?? {},
        definitions: manifests.definitions,
      });
  const namespace = sandbox?.namespace ?? node.namespace;
  const directory = mkdtempSync(`${cluster.directory}/pod-`);
  const search = [`${kubernetesNamespace}.svc`, 'svc', ''].map(
    (prefix) => `${prefix}${prefix && '.'}${CLUSTER_DOMAIN}`,
  );
  writeFileSync(
    `${directory}/resolv.conf`,
    `nameserver ${DNS.addresses[0]}\nsearch ${search.join(' ')}\noptions ndots:5\n`,
  );
  const start = (): Container =>
    startContainer({
      name,
      hostname: spec.hostNetwork ? node.name : name,
      rootfs: cluster.rootfs,
      networkNamespace: namespace,
      args: container.command ?? [],
      env: environment(container, {
        'status.hostIP': node.addresses.IPv4,
        'metadata.name': name,
        'spec.nodeName': node.name,
      }),
      mounts: mounts(container, spec.volumes ?? [], { directory, node, manifests, kubernetesNamespace }),
      security: container.securityContext ?? {},
      resolvConf: `${directory}/resolv.conf`,
    });
  let running = start();
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    running.kill(signal);
    await running.ended();
  };
  return {
    node,
    name,
    namespace,
    sandbox,
    probe: () => running.exec(container.readinessProbe?.exec?.command ?? []),
    log: () => running.log(),
    kill: end,
    restart: () => {
      running.remove();
      running = start();
    },
    remove: async () => {
      const timer = setTimeout(() => running.kill('SIGKILL'), (spec.terminationGracePeriodSeconds ?? 30) * 1000);
      await end('SIGTERM');
      clearTimeout(timer);
      running.remove();
      sandbox?.remove();
    },
    processes: () => running.processes(),
  };
}

function environment({ env = [] }: V1Container, fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    env.map(({ name, value, valueFrom }) => [name, value ?? fields[valueFrom?.fieldRef?.fieldPath ?? ''] ?? '']),
  );
}

interface VolumeSource {
  readonly directory: string;
  readonly node: Node;
  readonly manifests: Manifests;
  readonly kubernetesNamespace: string;
}

function mounts({ volumeMounts = [] }: V1Container, volumes: readonly V1Volume[], source: VolumeSource): Mount[] {
  return volumeMounts.map(({ name, mountPath, readOnly = false }) => {
    const volume = volumes.find((candidate) => candidate.name === name);
    if (!volume) throw new Error(`there is no volume ${name}`);
    return { source: volumePath(volume, source), destination: mountPath, readOnly };
  });
}

/** Where a volume is on the machine: a ConfigMap's files, a folder of the pod, or a path of the node. */
function volumePath({ name, configMap, hostPath }: V1Volume, source: VolumeSource): string {
  const path = hostPath ? `${source.node.runtime.state}/host${hostPath.path}` : `${source.directory}/${name}`;
  if (hostPath?.type === 'FileOrCreate') {
    mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
    writeFileSync(path, '', { flag: 'a' });
    return path;
  }
  mkdirSync(path, { recursive: true });
  if (configMap) {
    const { data = {} } =
      source.manifests.configMaps.find(
        ({ metadata }) => metadata?.name === configMap.name && metadata?.namespace === source.kubernetesNamespace,
      ) ?? {};
    for (const [file, text] of Object.entries(data)) writeFileSync(`${path}/${file}`, text);
  }
  return path;
}
