import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Namespace } from '../agent/namespace.ts';
import { type Certificates, makeCertificates, writeKubeconfig } from './certificates.ts';
import type { Programs } from './programs.ts';
import { spawnIn, type Started } from './process.ts';

/** etcd, kube-apiserver, kube-controller-manager and kube-scheduler. */
export interface ControlPlane {
  /** The certificate that the API server is trusted by, as PEM, and the token of a member of system:masters. */
  readonly ca: string;
  readonly token: string;
  /** Writes the kubeconfig of a user, such as `system:node:node1`. */
  readonly kubeconfig: (user: string) => string;
  readonly certificates: Certificates;
  readonly processes: readonly Started[];
}

/** What pods reach the API server by, and the cluster's name server. */
export const SERVICES = {
  networks: ['10.96.0.0/16', 'fd00:10:96::/112'],
  apiServer: '10.96.0.1',
  dns: '10.96.0.10',
} as const;
export const PODS = ['10.244.0.0/16', 'fd00:10:244::/48'] as const;

/** Where the API server listens: at the fabric. */
export const ADDRESS = '172.18.0.1';
export const PORT = 6443;

/** Users, and the groups that Kubernetes' own roles are bound to. */
const USERS: Readonly<Record<string, string>> = {
  admin: 'system:masters',
  'system:kube-controller-manager': '',
  'system:kube-scheduler': '',
  'system:kube-proxy': '',
};

/**
 * Starts it in a namespace, and does not wait until it is ready.
 *
 * @param address of the namespace, which the nodes reach
 * @param nodes their names, each of which is a user
 */
export function startControlPlane(
  programs: Programs,
  namespace: Namespace,
  folder: string,
  address: string,
  nodes: readonly string[],
): ControlPlane {
  mkdirSync(folder);
  const names = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'localhost'];
  const certificates = makeCertificates(folder, [address, SERVICES.apiServer, '127.0.0.1'], names);
  const users = { ...USERS, ...Object.fromEntries(nodes.map((name) => [`system:node:${name}`, 'system:nodes'])) };
  const tokens = Object.fromEntries(Object.keys(users).map((user) => [user, randomBytes(16).toString('hex')]));
  const tokensFile = join(folder, 'tokens.csv');
  const lines = Object.entries(users).map(([user, group]) => `${tokens[user]},${user},${user},${group}\n`);
  writeFileSync(tokensFile, lines.join(''), { mode: 0o600 });

  const url = `https://${address}:${PORT}`;
  const ca = readFileSync(certificates.authority, 'utf8');
  const kubeconfig = (user: string): string => {
    const path = join(folder, `${user.replaceAll(':', '-')}.kubeconfig`);
    return writeKubeconfig(path, url, Buffer.from(ca).toString('base64'), tokens[user] ?? '');
  };
  const start = (name: string, program: string, args: readonly string[]): Started =>
    spawnIn(namespace, [program, ...args], name, join(folder, `${name}.log`));

  const etcd = start('etcd', programs.etcd, [
    `--data-dir=${join(folder, 'etcd')}`,
    '--listen-client-urls=http://127.0.0.1:2379',
    '--advertise-client-urls=http://127.0.0.1:2379',
    '--listen-peer-urls=http://127.0.0.1:0',
    '--unsafe-no-fsync',
  ]);
  const apiServer = start('kube-apiserver', join(programs.kubernetes, 'kube-apiserver'), [
    '--etcd-servers=http://127.0.0.1:2379',
    '--bind-address=0.0.0.0',
    `--advertise-address=${address}`,
    `--secure-port=${PORT}`,
    `--tls-cert-file=${certificates.server}`,
    `--tls-private-key-file=${keyOf(certificates.server)}`,
    `--client-ca-file=${certificates.authority}`,
    `--kubelet-client-certificate=${certificates.kubeletClient}`,
    `--kubelet-client-key=${keyOf(certificates.kubeletClient)}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--token-auth-file=${tokensFile}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${certificates.serviceAccounts}`,
    `--service-account-signing-key-file=${certificates.serviceAccounts}`,
    `--service-cluster-ip-range=${SERVICES.networks.join(',')}`,
    '--allow-privileged=true',
  ]);
  const controllerManager = start('kube-controller-manager', join(programs.kubernetes, 'kube-controller-manager'), [
    `--kubeconfig=${kubeconfig('system:kube-controller-manager')}`,
    `--root-ca-file=${certificates.authority}`,
    `--service-account-private-key-file=${certificates.serviceAccounts}`,
    '--use-service-account-credentials=true',
    '--leader-elect=false',
    '--node-monitor-period=1s',
    '--node-monitor-grace-period=16s',
  ]);
  const scheduler = start('kube-scheduler', join(programs.kubernetes, 'kube-scheduler'), [
    `--kubeconfig=${kubeconfig('system:kube-scheduler')}`,
    '--leader-elect=false',
  ]);
  const processes = [etcd, apiServer, controllerManager, scheduler];
  return { ca, token: tokens['admin'] ?? '', kubeconfig, certificates, processes };
}

/** The key of a certificate. */
export function keyOf(certificate: string): string {
  return certificate.replace(/\.crt$/, '.key');
}
