import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import * as tools from '../engines/tool.ts';
import type { Cluster } from './cluster.ts';
import { type ImageSpec, writeImage } from './images.ts';

/** Puts what stands for images of registries on all nodes, under their names. */
export async function importStandIns({ folder, nodes }: Cluster): Promise<void> {
  const ctr = join(tools.containerd().path ?? '', 'ctr');
  for (const [index, image] of standIns().entries()) {
    const archive = join(folder, `stand-in-${index}.tar`);
    writeImage(archive, image);
    await Promise.all(nodes.map((node) => node.call([ctr, '-n', 'k8s.io', 'images', 'import', archive])));
  }
}

function standIns(): readonly ImageSpec[] {
  const busybox = tools.command('busybox').path ?? '';
  const idle = {
    files: { 'bin/busybox': busybox },
    links: Object.fromEntries(['grep', 'nc', 'nslookup', 'sh', 'wget'].map((name) => [`bin/${name}`, 'busybox'])),
    config: { Entrypoint: ['/bin/busybox', 'sleep', '2147483647'] },
  };
  const openVpn = tools.command('openvpn').path ?? '';
  return [
    { name: 'docker.io/nginxinc/nginx-unprivileged:1.29.3', ...idle },
    { name: 'docker.io/library/postgres:18.1', ...idle },
    {
      name: 'ghcr.io/qdm12/gluetun:v3.40.0',
      files: {
        'bin/busybox': busybox,
        'bin/openvpn': openVpn,
        ...librariesOf(openVpn),
      },
      links: { 'bin/sh': 'busybox' },
      config: { Entrypoint: ['/bin/sh', '-c', GLUETUN] },
    },
  ];
}

/**
 * What of gluetun is needed: OpenVPN with the credentials of its Secret. Here the password is all that a provider
 * gives.
 */
const GLUETUN = `umask 077
printf '%s\\n' "$OPENVPN_PASSWORD" >/client.conf
exec openvpn --config /client.conf --tmp-dir / --pull-filter ignore redirect-gateway --connect-retry 1 2`;

/** The libraries that a program is loaded with, its loader included: files of an image. */
export function librariesOf(program: string): ImageSpec['files'] {
  const text = execFileSync('ldd', [program], { encoding: 'utf8' });
  const paths = [...text.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
  return Object.fromEntries(paths.map((path) => [path.slice(1), realpathSync(path)]));
}
