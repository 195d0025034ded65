import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { basename, delimiter, dirname, join } from 'node:path';

/** A program that tests run the function with. */
export interface Tool {
  /** Name and version, such as `kustomize 5.6.0`; titles of tests carry it. */
  readonly title: string;
  /** What has to be brought where it is not installed, such as `kustomize`; the title where there is none. */
  readonly name?: string;
  /** Absolute path; absent where the program is not installed. */
  readonly path?: string;
}

/** What test/tools/install.sh installs beside Debian packages. */
const TOOLS_FOLDER =
  process.env['GATEWAY_NETWORK_FN_TOOLS'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'gateway-network-fn', 'tools');

/** Where they are. */
export function toolsFolder(): string {
  return TOOLS_FOLDER;
}

/** A command of PATH. */
export function command(name: string): Tool {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const path = folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
  return { title: name, name, ...(path !== undefined && { path }) };
}

/** Every kustomize of the pinned list, missing ones included. */
export function kustomizes(): readonly Tool[] {
  return pinned('KUSTOMIZE_VERSIONS')
    .split(' ')
    .map((version) => installed('kustomize', version));
}

/** The kubectl releases in the tools folder, and those that the Google Cloud SDK keeps beside the kubectl of PATH. */
export function kubectls(): readonly Tool[] {
  const own = filesOf(join(TOOLS_FOLDER, 'bin'), /^kubectl-\d/);
  const { path } = command('kubectl');
  const sdk = path === undefined ? [] : filesOf(dirname(realpathSync(path)), /^kubectl\.\d+\.\d+$/);
  const found = [...sdk, ...own].map((file) => ({ title: basename(file).replace(/[-.]/, ' '), path: file }));
  return own.length > 0 ? found : [...found, { title: 'kubectl', name: 'kubectl' }];
}

/** The pinned kpt, and the one of PATH. */
export function kpts(): readonly Tool[] {
  const own = installed('kpt', pinned('KPT_VERSION'));
  const { path } = command('kpt');
  if (path === undefined) return [own];
  const title = `kpt ${execFileSync(path, ['version'], { encoding: 'utf8' }).trim()}`;
  return title === own.title && own.path !== undefined ? [own] : [{ title: `${title} of PATH`, path }, own];
}

/** The newest, which is pinned; older ones are held against it by the tests beside this one. */
export function newest(tools: readonly Tool[]): Tool {
  const last = tools.at(-1);
  if (last === undefined) throw new Error('no version is pinned');
  return last;
}

/** A program of the tools folder, by the name of its version in test/tools/versions.sh. */
export function tool(name: string, version: string): Tool {
  return installed(name, pinned(version));
}

/** The validator with the OpenAPI schemas of Kubernetes. */
export function kubernetesValidate(): Tool {
  return installed('kubernetes-validate', pinned('KUBERNETES_VALIDATE_VERSION'));
}

/**
 * The API server of Kubernetes: of the folder KUBEBUILDER_ASSETS where that is set, as is
 * customary, else the pinned one.
 */
export function kubeApiserver(): Tool {
  const { title, path } = kubernetes();
  const own = path === undefined ? {} : pathIfThere(join(path, 'kube-apiserver'));
  return (
    asset('kube-apiserver') ?? { title: title.replace('Kubernetes', 'kube-apiserver'), name: 'kube-apiserver', ...own }
  );
}

/** The folder with the programs of Kubernetes: the control plane and what nodes run. */
export function kubernetes(): Tool {
  const version = pinned('KUBERNETES_VERSION');
  return {
    title: `Kubernetes ${version}`,
    name: 'Kubernetes',
    ...pathIfThere(join(TOOLS_FOLDER, 'kubernetes', version)),
  };
}

/** The folder with containerd, its shim and `ctr`. */
export function containerd(): Tool {
  const [path] = filesOf(join(TOOLS_FOLDER, 'containerd'), /^\d/);
  return { title: 'containerd', ...(path !== undefined && { path }) };
}

/** The etcd beside it. */
export function etcd(): Tool {
  const [path] = filesOf(join(TOOLS_FOLDER, 'bin'), /^etcd-\d/);
  return asset('etcd') ?? { title: 'etcd', ...(path !== undefined && { path }) };
}

/** The folder with the CustomResourceDefinitions of Flux. */
export function fluxCrds(): Tool {
  const version = pinned('FLUX_VERSION');
  return {
    title: `CRDs of Flux ${version}`,
    name: 'CRDs of Flux',
    ...pathIfThere(join(TOOLS_FOLDER, 'flux-crds', version)),
  };
}

/** The folder with Prometheus, promtool, and CustomResourceDefinitions of the Prometheus Operator. */
export function prometheus(): Tool {
  const [path] = filesOf(join(TOOLS_FOLDER, 'prometheus'), /^\d/);
  return { title: 'Prometheus', ...(path !== undefined && { path }) };
}

/** The folder with manifests of Argo CD. */
export function argoCd(): Tool {
  const version = pinned('ARGO_CD_VERSION');
  return { title: `Argo CD ${version}`, name: 'Argo CD', ...pathIfThere(join(TOOLS_FOLDER, 'argo-cd', version)) };
}

/** The folder with Argo CD's server for plugins, and the program that asks it. */
export function cmpServer(): Tool {
  const version = pinned('CMP_SERVER_VERSION');
  const client = readFileSync(new URL('../tools/cmp-client/main.go', import.meta.url));
  const key = createHash('sha256').update(client).digest('hex').slice(0, 12);
  const path = join(TOOLS_FOLDER, 'cmp-server', `${version}-${key}`);
  return { title: `argocd-cmp-server ${version}`, ...pathIfThere(path) };
}

/** The archive of a minimal Debian system that stands in for base images. */
export function baseSystem(): Tool {
  return { title: 'base system', ...pathIfThere(join(TOOLS_FOLDER, `base-${pinned('BASE_SUITE')}.tar`)) };
}

/**
 * The folder with the node image that the Dockerfile makes now: `image.tar`, an OCI archive, and
 * `rootfs`, the same unpacked.
 */
export function nodeImage(): Tool {
  const hash = createHash('sha256').update(`${pinned('NODE_BASE_SUITE')}\n`);
  for (const path of ['../tools/image.sh', '../../Dockerfile'])
    hash.update(readFileSync(new URL(path, import.meta.url)));
  const key = hash.digest('hex').slice(0, 12);
  return { title: 'node image', ...pathIfThere(join(TOOLS_FOLDER, 'node-image', key)) };
}

/**
 * The command that runs a module by the QuickJS of the node image, on this machine: with the C library of the image,
 * since that of the machine may be older.
 */
export function quickJs(): readonly string[] {
  const rootfs = `${nodeImage().path}/rootfs`;
  const [triplet, loader] =
    process.arch === 'arm64'
      ? ['aarch64-linux-gnu', 'usr/lib/ld-linux-aarch64.so.1']
      : ['x86_64-linux-gnu', 'usr/lib64/ld-linux-x86-64.so.2'];
  return [`${rootfs}/${loader}`, '--library-path', `${rootfs}/usr/lib/${triplet}`, `${rootfs}/usr/bin/qjs`, '--module'];
}

/** The controllers of Flux: the one that fetches sources, and the one that applies what they hold. */
export function fluxControllers(): readonly Tool[] {
  return [tool('source-controller', 'SOURCE_CONTROLLER_VERSION'), tool('kustomize-controller', 'FLUX_VERSION')];
}

/** The folder with Multus, whereabouts and the CustomResourceDefinitions of the latter. */
export function multus(): Tool {
  const [own, whereabouts] = [pinned('MULTUS_VERSION'), pinned('WHEREABOUTS_VERSION')];
  const path = join(TOOLS_FOLDER, 'multus', `${own}-${whereabouts}`);
  return { title: `Multus ${own} and whereabouts ${whereabouts}`, name: 'Multus', ...pathIfThere(path) };
}

/** The folders with primary networks: flannel with its plugin, and kube-router. */
export function flannel(): Tool {
  const [version, plugin] = [pinned('FLANNEL_VERSION'), pinned('FLANNEL_PLUGIN_VERSION')];
  const path = join(TOOLS_FOLDER, 'flannel', `${version}-${plugin}`);
  return { title: `flannel ${version}`, name: 'flannel', ...pathIfThere(path) };
}
export function kubeRouter(): Tool {
  const version = pinned('KUBE_ROUTER_VERSION');
  const path = join(TOOLS_FOLDER, 'kube-router', version);
  return { title: `kube-router ${version}`, name: 'kube-router', ...pathIfThere(path) };
}

/** What makes the pages of the site, and drives a browser. */
export function sitePackages(): Tool {
  const path = fileURLToPath(new URL('../../site/node_modules/.package-lock.json', import.meta.url));
  return { title: 'packages of the site', ...pathIfThere(path) };
}

/** The folder with Debian's CNI plugins, of which there are more. */
export function debianPlugins(): Tool {
  return { title: "Debian's CNI plugins", ...pathIfThere('/usr/lib/cni') };
}

/** The folders with CNI plugins: Debian's, and the newest release. */
export function cniPlugins(): readonly Tool[] {
  const version = pinned('CNI_PLUGINS_VERSION');
  return [
    debianPlugins(),
    { title: `CNI plugins ${version}`, name: 'CNI plugins', ...pathIfThere(join(TOOLS_FOLDER, 'cni', version)) },
  ];
}

/** A program of KUBEBUILDER_ASSETS; none where that does not have it. */
function asset(name: string): Tool | undefined {
  const folder = process.env['KUBEBUILDER_ASSETS'];
  const path = folder === undefined ? undefined : join(folder, name);
  return path !== undefined && existsSync(path) ? { title: `${name} of KUBEBUILDER_ASSETS`, path } : undefined;
}

function installed(name: string, version: string): Tool {
  return { title: `${name} ${version}`, name, ...pathIfThere(join(TOOLS_FOLDER, 'bin', `${name}-${version}`)) };
}

function pathIfThere(path: string): Pick<Tool, 'path'> {
  return existsSync(path) ? { path } : {};
}

function filesOf(folder: string, pattern: RegExp): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}

export function pinned(name: string): string {
  const versions = readFileSync(new URL('../tools/versions.sh', import.meta.url), 'utf8');
  const value = new RegExp(`^${name}="(.*)"$`, 'm').exec(versions)?.[1];
  if (value === undefined) throw new Error(`test/tools/versions.sh has no ${name}`);
  return value;
}
