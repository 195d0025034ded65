import { readFileSync } from 'node:fs';

/** What test/tools/install.sh brings beside Debian packages, and the argument that does. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  'Argo CD': 'argo-cd',
  'base system': 'base',
  'CNI plugins': 'cni',
  containerd: 'cluster',
  coredns: 'cluster',
  'CRDs of Flux': 'flux',
  'kube-apiserver': 'api-server',
  Kubernetes: 'cluster',
  'kubernetes-validate': 'validator',
  'kustomize-controller': 'flux',
  'node image': 'node-image',
  'pod-security': 'pod-security',
  'source-controller': 'flux',
  'spdx-tools': 'validator',
  etcd: 'api-server',
  flannel: 'cluster',
  'kube-router': 'cluster',
  helm: 'helm',
  kpt: 'kpt',
  kubectl: 'kubectl',
  kustomize: 'kustomize',
  Multus: 'multus',
  'packages of the site': 'site',
  Prometheus: 'prometheus',
};

/** Debian packages of programs beside those that test/tools/debian.sh names. */
const PACKAGES: Readonly<Record<string, string>> = {
  "Debian's CNI plugins": 'containernetworking-plugins',
  '/usr/share/containers/seccomp.json': 'golang-github-containers-common',
  'ip6tables-nft': 'iptables',
  'iptables-legacy': 'iptables',
  'iptables-nft': 'iptables',
  'xtables-monitor': 'iptables',
  awk: 'mawk',
  bridge: 'iproute2',
  dash: 'dash',
  getent: 'libc-bin',
  mount: 'mount',
  npm: 'npm',
  perl: 'perl',
  setpriv: 'util-linux',
  ss: 'iproute2',
  stdbuf: 'coreutils',
  time: 'time',
  timeout: 'coreutils',
};

/** Rights, and who has them. */
const RIGHTS: Readonly<Record<string, string>> = {
  'network namespaces': 'a container may not make them unless it is privileged',
  root: '`sudo` brings it',
};

/**
 * A clause that says how something that tests need can be had. Without arguments, install.sh brings
 * all that there is.
 */
export function bringerOf(name: string): string {
  const argument = ARGUMENTS[name];
  if (argument !== undefined) return `\`test/tools/install.sh ${argument}\` brings it`;
  const debian = readFileSync(new URL('debian.sh', import.meta.url), 'utf8');
  const named = [...debian.matchAll(/ ([\w-]+):([\w-]+)/g)].find(([, program]) => program === name)?.[2];
  const debianPackage = PACKAGES[name] ?? named;
  if (debianPackage !== undefined) return `\`apt-get install ${debianPackage}\` brings it`;
  return RIGHTS[name] ?? '`test/tools/install.sh` brings it';
}
