import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };
import { nodeImage } from '../engines/tool.ts';
import { IMAGES } from './add-ons.ts';
import type { ImageSpec } from './images.ts';
import { PAUSE } from './node-files.ts';
import { primaryImages } from './primary-images.ts';
import type { Programs } from './programs.ts';

/** What agents and routers run in unless `images.node` names another. */
export const NODE_IMAGE: string = `ghcr.io/gateway-network-fn/gateway-network-node:v${packageJson.version}`;

/** What test pods run in: busybox, under the name that the examples give it. */
export const BUSYBOX = 'docker.io/library/busybox:1.37.0';

/** All images that the cluster runs. */
export function clusterImages(programs: Programs): readonly ImageSpec[] {
  const { multus, coreDns } = programs;
  const busybox = { 'bin/busybox': programs.busybox };
  const applets = execFileSync(programs.busybox, ['--list'], { encoding: 'utf8' })
    .split('\n')
    .filter((name) => !['', 'busybox'].includes(name));
  const links = Object.fromEntries(applets.map((name) => [`bin/${name}`, 'busybox']));
  return [
    ...primaryImages(programs),
    {
      name: PAUSE,
      files: busybox,
      config: { Entrypoint: ['/bin/busybox', 'sleep', '2147483647'], User: '65535:65535' },
    },
    { name: BUSYBOX, files: busybox, links, config: {} },
    { name: IMAGES.coreDns, files: { coredns: coreDns }, config: { Entrypoint: ['/coredns'] } },
    { name: IMAGES.multus, files: multusFiles(multus), config: { Entrypoint: ['/thin_entrypoint'] } },
    {
      name: IMAGES.thickMultus,
      // The daemon ends where nothing tells it the name of root, and is told of namespaces in /var/run.
      files: { ...busybox, ...multusFiles(multus), 'etc/passwd': '/etc/passwd' },
      links: { ...links, 'var/run': '../run' },
      config: {},
    },
    {
      name: IMAGES.whereabouts,
      files: {
        ...busybox,
        whereabouts: join(multus, 'whereabouts'),
        'ip-control-loop': join(multus, 'ip-control-loop'),
        'install-cni.sh': join(multus, 'install-cni.sh'),
        'lib.sh': join(multus, 'lib.sh'),
        'token-watcher.sh': join(multus, 'token-watcher.sh'),
      },
      links,
      config: {},
    },
    {
      name: NODE_IMAGE,
      base: `${nodeImage().path}/image.tar`,
      files: { 'usr/local/lib/gateway-network': fileURLToPath(new URL('../../dist/node', import.meta.url)) },
      config: {},
    },
  ];
}

function multusFiles(folder: string): ImageSpec['files'] {
  const plugins = ['multus', 'multus-shim', 'multus-daemon', 'passthru'];
  return {
    thin_entrypoint: join(folder, 'thin_entrypoint'),
    install_multus: join(folder, 'install_multus'),
    ...Object.fromEntries(plugins.map((name) => [`usr/src/multus-cni/bin/${name}`, join(folder, name)])),
  };
}
