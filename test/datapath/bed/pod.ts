import { mkdtempSync, writeFileSync } from 'node:fs';
import type { V1Container, V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import type { Namespace } from '../../agent/namespace.ts';
import { type Container, startContainer } from '../image/container.ts';
import { type Cluster, DNS } from './cluster.ts';
import { CLUSTER_DOMAIN } from './dns.ts';
import { environment } from './environment.ts';
import { type Image, PROGRAMS } from './image.ts';
import type { Manifests } from './manifests.ts';
import { createSandbox, type Node, type Sandbox } from './node.ts';
import { type Answer, probe, runInitContainer } from './startup.ts';
import { terminate } from './termination.ts';
import { makeVolumes, mountsOf, updateVolumes } from './volumes.ts';

type Signal = 'SIGKILL' | 'SIGTERM';

/**
 * A pod of ours: its network namespace, and its containers as the manifest has them. A container
 * that has ended stays so.
 */
export interface Pod {
  readonly node: Node;
  readonly name: string;
  /** Of the pod, or of the node where the pod asks for the host network. */
  readonly namespace: Namespace;
  readonly sandbox: Sandbox | undefined;
  /**
   * Runs the readiness probe of one container, or of all: then the status is 0 when all are ready,
   * and they all have their say.
   */
  readonly probe: (container?: string) => Answer;
  /** What one container has printed since it was started, or all one after another. */
  readonly log: (container?: string) => string;
  /** Ends one container with a signal, or all; the pod stays. */
  readonly kill: (signal: Signal, container?: string) => Promise<void>;
  /** Starts one container again in the same pod, or all, as the kubelet does when they have ended. */
  readonly restart: (container?: string) => void;
  /**
   * Kills all processes of all containers in one moment, without any word to them, as when power
   * fails; the pod stays.
   */
  readonly crash: () => Promise<void>;
  /**
   * Deletes the pod as the kubelet does: preStop hooks, SIGTERM, then SIGKILL when the grace period
   * is over; sidecars last.
   */
  readonly remove: () => Promise<void>;
  /** Runs a command in one container, or in the first. */
  readonly exec: (args: readonly string[], container?: string) => Answer;
  /** The ids of the processes of all containers. */
  readonly processes: () => readonly number[];
  /** Gives the files of its ConfigMaps and Secrets the data of other manifests, all of a volume in one moment. */
  readonly update: (manifests: Manifests) => void;
  /** Where its volumes are on the machine, by their names. */
  readonly volumes: ReadonlyMap<string, string>;
}

export interface PodRequest {
  readonly node: Node;
  /** The Kubernetes namespace. */
  readonly namespace: string;
  readonly template: V1PodTemplateSpec;
}

/** A container of a pod, and how it is started. */
interface Member {
  readonly spec: V1Container;
  running: Container;
}

let count = 0;

/**
 * Does for one pod what the kubelet, Multus and the container runtime do. Init containers run to
 * their end first, one after
 * another; those with restartPolicy Always (sidecars) stay. Throws with the log of what failed.
 */
export function startPod(cluster: Cluster, manifests: Manifests, request: PodRequest): Pod {
  const { node, namespace: kubernetesNamespace, template } = request;
  const { spec } = template;
  const [first] = spec?.containers ?? [];
  if (!spec || !first) throw new Error('the pod has no container');
  const name = `${first.name}-${count++}`;
  const sandbox = spec.hostNetwork
    ? undefined
    : createSandbox(node, {
        name,
        kubernetesNamespace,
        podName: name,
        annotations: template.metadata?.annotations ?? {},
        definitions: manifests.definitions,
      });
  const namespace = sandbox?.namespace ?? node.namespace;
  const directory = mkdtempSync(`${cluster.directory}/pod-`);
  const resolvConf = `${directory}/resolv.conf`;
  writeFileSync(resolvConf, resolver(spec, kubernetesNamespace, cluster.searches));
  const volumes = makeVolumes(spec.volumes ?? [], { directory, node, manifests, kubernetesNamespace });
  const addresses = sandbox?.addresses ?? [node.addresses.IPv4, node.addresses.IPv6];
  const fields = {
    'metadata.name': name,
    'metadata.namespace': kubernetesNamespace,
    'spec.nodeName': node.name,
    'status.hostIP': node.addresses.IPv4,
    'status.hostIPs': `${node.addresses.IPv4},${node.addresses.IPv6}`,
    'status.podIP': addresses[0],
    'status.podIPs': addresses.join(','),
  };
  const start = (container: V1Container): Container => {
    const image: Image = cluster.images[String(container.image)] ?? { rootfs: cluster.rootfs, mounts: [PROGRAMS] };
    const { rootfs, entrypoint = [], mounts = [] } = image;
    return startContainer({
      name: container === first ? name : `${name}-${container.name}`,
      hostname: spec.hostNetwork ? node.name : name,
      rootfs,
      networkNamespace: namespace,
      args: [...(container.command ?? entrypoint), ...(container.args ?? [])],
      env: environment(container, { manifests, kubernetesNamespace, fields }),
      mounts: [...mounts, ...mountsOf(container, volumes)],
      security: { ...inherited(spec), ...container.securityContext },
      resolvConf,
    });
  };
  const members: Member[] = [];
  const sidecars: Member[] = [];
  const begin = (container: V1Container): Member => {
    const member = { spec: container, running: start(container) };
    members.push(member);
    return member;
  };
  try {
    for (const container of spec.initContainers ?? []) {
      const member = begin(container);
      if (container.restartPolicy === 'Always') sidecars.push(member);
      else members.pop();
      runInitContainer(container, member.running);
    }
    for (const container of spec.containers) begin(container);
  } catch (error) {
    for (const { running } of members) running.remove();
    sandbox?.remove();
    throw error;
  }
  const chosen = (container?: string): readonly Member[] => {
    const found = members.filter((member) => container === undefined || member.spec.name === container);
    if (found.length === 0) throw new Error(`${name} has no container ${container}`);
    return found;
  };
  const processes = () => members.flatMap(({ running }) => running.processes());
  const ended = (some: readonly Member[]) => Promise.all(some.map(({ running }) => running.ended()));
  return {
    node,
    name,
    namespace,
    sandbox,
    probe: (container) => {
      const answers = chosen(container).map((member) => probe(member.spec, member.running));
      return {
        status: answers.map(({ status }) => status).find((status) => status !== 0) ?? 0,
        output: answers.map(({ output }) => output).join('\n'),
      };
    },
    log: (container) =>
      chosen(container)
        .map(({ running }) => running.log())
        .join(''),
    kill: async (signal, container) => {
      const some = chosen(container);
      for (const { running } of some) running.kill(signal);
      await ended(some);
    },
    restart: (container) => {
      for (const member of chosen(container)) {
        member.running.remove();
        member.running = start(member.spec);
      }
    },
    crash: async () => {
      for (const pid of processes()) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It has gone with the first process of its container.
        }
      }
      await ended(members);
    },
    remove: async () => {
      const deadline = Date.now() + (spec.terminationGracePeriodSeconds ?? 30) * 1000;
      const others = members.filter((member) => !sidecars.includes(member));
      await Promise.all(others.map((member) => terminate(member.running, member.spec, deadline)));
      for (const sidecar of sidecars.toReversed()) await terminate(sidecar.running, sidecar.spec, deadline);
      for (const { running } of members) running.remove();
      sandbox?.remove();
    },
    exec: (args, container = first.name) => (chosen(container)[0] as Member).running.exec(args),
    processes,
    update: (changed) => updateVolumes(spec.volumes ?? [], volumes, { manifests: changed, kubernetesNamespace }),
    volumes,
  };
}

/** What the containers of a pod have of its own security context. */
function inherited({ securityContext = {} }: V1PodSpec): object {
  const { runAsUser, runAsGroup, runAsNonRoot, seccompProfile } = securityContext;
  const given = Object.entries({ runAsUser, runAsGroup, runAsNonRoot, seccompProfile });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** The pod's /etc/resolv.conf, in which the cluster's name server is the first unless the policy is `None`. */
function resolver({ dnsPolicy, dnsConfig = {} }: V1PodSpec, namespace: string, ofNode: readonly string[]): string {
  const isOwn = dnsPolicy === 'None';
  const servers = [...(isOwn ? [] : [DNS.addresses[0]]), ...(dnsConfig.nameservers ?? [])];
  const suffixes = isOwn
    ? []
    : [`${namespace}.svc.${CLUSTER_DOMAIN}`, `svc.${CLUSTER_DOMAIN}`, CLUSTER_DOMAIN, ...ofNode];
  const options = (dnsConfig.options ?? []).map(({ name, value }) => (value === undefined ? name : `${name}:${value}`));
  return [
    ...servers.map((address) => `nameserver ${address}`),
    `search ${[...suffixes, ...(dnsConfig.searches ?? [])].join(' ')}`,
    `options ${[...(isOwn ? [] : ['ndots:5']), ...options].join(' ')}`,
    '',
  ].join('\n');
}
