import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The certificates of a control plane, as paths of PEM files; each has its key beside it, at `.key`. */
export interface Certificates {
  readonly authority: string;
  /** Of the API server, for its addresses. */
  readonly server: string;
  /** By which the API server asks kubelets for logs and commands, as a member of system:masters. */
  readonly kubeletClient: string;
  /** The key that signs tokens of service accounts. */
  readonly serviceAccounts: string;
}

/** Makes an authority of its own in a folder and what it has signed. */
export function makeCertificates(folder: string, addresses: readonly string[], names: readonly string[]): Certificates {
  const file = (name: string): string => join(folder, `${name}.crt`);
  const key = (name: string): string => join(folder, `${name}.key`);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const make = (name: string, subject: string, extension: string, ...more: readonly string[]): string => {
    const args = ['req', '-x509', ...newKey, '-keyout', key(name), '-out', file(name), '-days', '3', '-subj', subject];
    execFileSync('openssl', [...args, '-addext', extension, ...more], { stdio: 'pipe' });
    return file(name);
  };
  const authority = make('authority', '/CN=cluster', 'keyUsage=critical,keyCertSign,digitalSignature');
  const signed = ['-CA', authority, '-CAkey', key('authority'), '-addext', 'basicConstraints=CA:FALSE'];
  const alternatives = [...addresses.map((address) => `IP:${address}`), ...names.map((name) => `DNS:${name}`)];
  const serviceAccounts = key('service-accounts');
  execFileSync('openssl', ['genpkey', '-algorithm', 'RSA', '-out', serviceAccounts], { stdio: 'pipe' });
  return {
    authority,
    server: make('server', '/CN=kube-apiserver', `subjectAltName=${alternatives.join(',')}`, ...signed),
    kubeletClient: make(
      'kubelet-client',
      '/O=system:masters/CN=kube-apiserver',
      'extendedKeyUsage=clientAuth',
      ...signed,
    ),
    serviceAccounts,
  };
}

/** A file by which a client of Kubernetes reaches an API server. JSON is YAML. */
export function writeKubeconfig(path: string, server: string, authority: string, token: string): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: 'user', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'user' } }],
    'current-context': 'test',
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
