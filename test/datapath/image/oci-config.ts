import { readFileSync } from 'node:fs';
import type { V1SecurityContext } from '@kubernetes/client-node';
import type { Namespace } from '../../agent/namespace.ts';
import { seccomp } from './seccomp.ts';

/** A file or folder of the machine in a container. */
export interface Mount {
  readonly source: string;
  readonly destination: string;
  readonly readOnly?: boolean;
}

/** What a container runtime is told of a container of a pod. */
export interface ContainerSpec {
  /** Stands in its hostname and, with what makes it unique, in its id. */
  readonly name: string;
  readonly hostname?: string;
  /** An unpacked image. It is not written to: what a container changes goes away with it. */
  readonly rootfs: string;
  readonly networkNamespace: Namespace;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly mounts?: readonly Mount[];
  /** File systems in memory of their own, of so many bytes. */
  readonly tmpfs?: readonly { readonly destination: string; readonly size: number }[];
  /** What a missing field means is what Kubernetes says. */
  readonly security?: V1SecurityContext;
  /** The file that it has as /etc/resolv.conf; the image's own unless given. */
  readonly resolvConf?: string;
  /** The file that it has as /etc/hosts; the image's own unless given. */
  readonly hosts?: string;
  /** The most memory that it may use, in bytes. */
  readonly memory?: number;
}

/** What an image of Debian says of itself. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What containers have of root's powers unless a manifest drops them (containerd, pkg/oci: defaultUnixCaps). */
const DEFAULT_CAPABILITIES =
  'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE';

/** containerd, pkg/oci/spec.go: populateDefaultUnixSpec. */
const MASKED =
  '/proc/acpi /proc/asound /proc/kcore /proc/keys /proc/latency_stats /proc/timer_list /proc/timer_stats /proc/sched_debug /sys/firmware /sys/devices/virtual/powercap /proc/scsi';
const READ_ONLY = '/proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger';

const FILE_SYSTEMS: readonly [string, string, string, string][] = [
  ['/proc', 'proc', 'proc', 'nosuid,noexec,nodev'],
  ['/dev', 'tmpfs', 'tmpfs', 'nosuid,strictatime,mode=755,size=65536k'],
  ['/dev/pts', 'devpts', 'devpts', 'nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5'],
  ['/dev/shm', 'tmpfs', 'shm', 'nosuid,noexec,nodev,mode=1777,size=65536k'],
  ['/dev/mqueue', 'mqueue', 'mqueue', 'nosuid,noexec,nodev'],
  ['/sys', 'sysfs', 'sysfs', 'nosuid,noexec,nodev,ro'],
];

/**
 * The configuration of a container for an OCI runtime (runtime-spec, config.md), as containerd
 * makes it for the kubelet.
 */
export function ociConfig(spec: ContainerSpec, root: string): object {
  const { name, hostname = name, args, env = {}, security = {}, memory } = spec;
  const { readOnlyRootFilesystem = false, allowPrivilegeEscalation = true, seccompProfile, privileged } = security;
  if (privileged) throw new Error('privileged containers cannot be started');
  const capabilities = capabilitiesOf(security);
  return {
    ociVersion: '1.0.2',
    process: {
      user: userOf(spec),
      args,
      env: Object.entries({ PATH, HOSTNAME: hostname, ...env }).map(([key, value]) => `${key}=${value}`),
      cwd: '/',
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      noNewPrivileges: !allowPrivilegeEscalation,
      rlimits: [{ type: 'RLIMIT_NOFILE', hard: 1024, soft: 1024 }],
    },
    root: { path: root, readonly: readOnlyRootFilesystem },
    hostname,
    mounts: [...FILE_SYSTEMS.map(fileSystem), ...volumes(spec, readOnlyRootFilesystem)],
    linux: {
      namespaces: [
        ...['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
        { type: 'network', path: `/run/netns/${spec.networkNamespace}` },
      ],
      maskedPaths: MASKED.split(' '),
      readonlyPaths: READ_ONLY.split(' '),
      resources: {
        devices: [{ allow: false, access: 'rwm' }],
        ...(memory !== undefined && { memory: { limit: memory } }),
      },
      ...(seccompProfile?.type === 'RuntimeDefault' && { seccomp: seccomp(capabilities) }),
    },
  };
}

function capabilitiesOf({ capabilities: { add = [], drop = [] } = {} }: V1SecurityContext): readonly string[] {
  const kept = DEFAULT_CAPABILITIES.split(' ').filter((name) => !drop.includes('ALL') && !drop.includes(name));
  return [...new Set([...kept, ...add])].map((name) => `CAP_${name}`);
}

/** The group of a user who is given by number alone is the one that the image knows the user by, else root's. */
function userOf({ rootfs, security: { runAsUser: uid = 0, runAsGroup, runAsNonRoot } = {} }: ContainerSpec): object {
  if (runAsNonRoot && uid === 0) throw new Error('runAsNonRoot forbids user 0');
  const users = readFileSync(`${rootfs}/etc/passwd`, 'utf8').split('\n');
  const group = users.map((line) => line.split(':')).find(([, , id]) => id === String(uid))?.[3];
  return { uid, gid: runAsGroup ?? Number(group ?? 0) };
}

function fileSystem([destination, type, source, options]: (typeof FILE_SYSTEMS)[number]): object {
  return { destination, type, source, options: options.split(',') };
}

function volumes({ mounts = [], tmpfs = [], resolvConf, hosts }: ContainerSpec, readOnly: boolean): object[] {
  const files = [
    ...(resolvConf === undefined ? [] : [{ source: resolvConf, destination: '/etc/resolv.conf', readOnly }]),
    ...(hosts === undefined ? [] : [{ source: hosts, destination: '/etc/hosts', readOnly }]),
  ];
  return [
    ...[...files, ...mounts].map((mount) => ({
      destination: mount.destination,
      type: 'bind',
      source: mount.source,
      options: ['rbind', 'rprivate', mount.readOnly ? 'ro' : 'rw'],
    })),
    ...tmpfs.map(({ destination, size }) => ({
      destination,
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['mode=0777', `size=${size}`],
    })),
  ];
}
