import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tools from '../engines/tool.ts';
import { makeCertificates, writeKubeconfig } from './certificates.ts';
import type { Cluster } from './cluster.ts';
import { ADDRESS, keyOf, PORT } from './control-plane.ts';
import { startSession, type UserSession } from './user-session.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/gateway-network-fn', import.meta.url));
const UPSTREAM = fileURLToPath(new URL('upstream.ts', import.meta.url));
const UPSTREAM_PORT = 8443;

/** What is fetched from hosts of others, by URL without scheme: files of this machine, by their names there. */
export type Upstream = Readonly<Record<string, string>>;

/**
 * The machine of somebody who works through a page, beyond the nodes: a shell with an empty home, kubectl and the
 * program on the PATH. What its curl asks hosts of others for, it gets from files of this machine.
 */
export async function startUserMachine(cluster: Cluster, upstream: Upstream): Promise<UserSession> {
  const folder = join(cluster.folder, 'user');
  const [home, bin] = [join(folder, 'home'), join(folder, 'bin')];
  for (const path of [home, bin]) mkdirSync(path, { recursive: true });
  const programs = {
    'gateway-network-fn': PROGRAM,
    kubectl: tools.kubectls().at(-1)?.path ?? '',
    node: process.execPath,
  };
  for (const [name, path] of Object.entries(programs)) symlinkSync(path, join(bin, name));
  // The user is root already.
  writeFileSync(join(bin, 'sudo'), '#!/bin/sh\nexec "$@"\n');
  chmodSync(join(bin, 'sudo'), 0o755);
  const { ca, token } = cluster.access;
  const url = `https://${ADDRESS}:${PORT}`;
  const kubeconfig = writeKubeconfig(join(folder, 'kubeconfig'), url, Buffer.from(ca).toString('base64'), token);
  await startUpstream(cluster, folder, upstream);
  return startSession(cluster.underlay.internet, folder, {
    HOME: home,
    PATH: `${bin}:${process.env['PATH']}`,
    KUBECONFIG: kubeconfig,
  });
}

/** Serves the files, and has the curl of that home ask there. */
async function startUpstream({ underlay }: Cluster, folder: string, files: Upstream): Promise<void> {
  const served = join(folder, 'upstream');
  for (const [path, file] of Object.entries(files)) cpSync(realpathSync(file), join(served, path), { recursive: true });
  const hosts = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))];
  const { authority, server: certificate } = makeCertificates(served, ['127.0.0.1'], hosts);
  const rules = hosts.map((host) => `connect-to = "${host}:443:127.0.0.1:${UPSTREAM_PORT}"\n`);
  writeFileSync(join(folder, 'home/.curlrc'), `cacert = "${authority}"\n${rules.join('')}`);
  const args = [UPSTREAM, String(UPSTREAM_PORT), certificate, keyOf(certificate), served];
  const command = ['netns', 'exec', underlay.internet, process.execPath, ...args];
  const server = spawn('ip', command, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(server.stdout, 'data');
  server.unref();
}
