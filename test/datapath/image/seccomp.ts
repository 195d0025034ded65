import { readFileSync } from 'node:fs';

/**
 * The default profile of podman and CRI-O (package golang-github-containers-common); containerd's
 * comes from the same source.
 */
export const PROFILE = '/usr/share/containers/seccomp.json';

/** What a rule of the profile depends on: processor architectures as Go names them, capabilities as `CAP_NET_ADMIN`. */
interface Condition {
  readonly arches?: readonly string[];
  readonly caps?: readonly string[];
}

interface Rule {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly object[] | null;
  readonly includes?: Condition;
  readonly excludes?: Condition;
}

interface Profile {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly archMap: readonly { readonly architecture: string; readonly subArchitectures: readonly string[] }[];
  readonly syscalls: readonly Rule[];
}

const ARCHITECTURES: Readonly<Record<string, { readonly go: string; readonly seccomp: string }>> = {
  x64: { go: 'amd64', seccomp: 'SCMP_ARCH_X86_64' },
  arm64: { go: 'arm64', seccomp: 'SCMP_ARCH_AARCH64' },
};

/**
 * What containerd allows with CAP_SYS_ADMIN only (contrib/seccomp), and podman to everybody. The
 * stricter one is applied.
 */
const NAMESPACES_AND_MOUNTS =
  'fsconfig fsmount fsopen fspick mount mount_setattr move_mount open_tree pivot_root setns umount umount2 unshare';

/**
 * The profile as an OCI runtime takes it (runtime-spec, config-linux.md#seccomp), for a container
 * with these capabilities.
 */
export function seccomp(capabilities: readonly string[]): object {
  const architecture = ARCHITECTURES[process.arch];
  if (!architecture) throw new Error(`no seccomp architecture is known for ${process.arch}`);
  const { defaultAction, defaultErrnoRet, archMap, syscalls } = JSON.parse(readFileSync(PROFILE, 'utf8')) as Profile;
  const native = archMap.find((entry) => entry.architecture === architecture.seccomp);
  const refused = capabilities.includes('CAP_SYS_ADMIN') ? [] : NAMESPACES_AND_MOUNTS.split(' ');
  return {
    defaultAction,
    ...(defaultErrnoRet !== undefined && { defaultErrnoRet }),
    architectures: [architecture.seccomp, ...(native?.subArchitectures ?? [])],
    syscalls: syscalls
      .filter(({ includes = {}, excludes = {} }) => {
        const included = !includes.arches?.length || includes.arches.includes(architecture.go);
        const capable = includes.caps?.every((name) => capabilities.includes(name)) ?? true;
        const excluded = excludes.arches?.includes(architecture.go) ?? false;
        const tooCapable = excludes.caps?.some((name) => capabilities.includes(name)) ?? false;
        return included && capable && !excluded && !tooCapable;
      })
      .map(({ names, action, errnoRet, args }) => ({
        names: names.filter((name) => !refused.includes(name)),
        action,
        ...(errnoRet !== undefined && { errnoRet }),
        ...(args?.length && { args }),
      }))
      .filter(({ names }) => names.length > 0),
  };
}
