import { execFileSync } from 'node:child_process';
import { basename, join } from 'node:path';
import * as tools from '../engines/tool.ts';
import { IMAGES } from './add-ons.ts';
import { BUSYBOX, clusterImages, NODE_IMAGE } from './cluster-images.ts';
import type { Cluster } from './cluster.ts';
import { neededTools } from './describe.ts';
import { writeImage } from './images.ts';
import { librariesOf } from './stand-ins.ts';
import type { Upstream } from './user-machine.ts';

const PLUGINS = tools.cniPlugins().at(-1) ?? { title: 'CNI plugins' };
const CURL = tools.command('curl');

/** What a tutorial needs beside a cluster. */
export const TUTORIAL_TOOLS: readonly tools.Tool[] = [PLUGINS, CURL, tools.command('ldd')];

const OWNER = 'k8snetworkplumbingwg';

/** What it fetches from hosts of others, of the releases that are installed here, by their addresses. */
export function upstreamFiles({ folder }: Cluster): Upstream {
  const multus = tools.multus().path ?? '';
  const [ofMultus, ofWhereabouts] = versions();
  const plugins = join(folder, 'cni-plugins.tgz');
  execFileSync('tar', ['-czf', plugins, '-C', PLUGINS.path ?? '', './bridge', './tuning']);
  const ofPlugins = basename(PLUGINS.path ?? '');
  const raw = `raw.githubusercontent.com/${OWNER}`;
  const kinds = ['ippools', 'nodeslicepools', 'overlappingrangeipreservations'];
  const files = ['daemonset-install', ...kinds.map((kind) => `whereabouts.cni.cncf.io_${kind}`)];
  return {
    [`github.com/containernetworking/plugins/releases/download/v${ofPlugins}/cni-plugins-linux-amd64-v${ofPlugins}.tgz`]:
      plugins,
    [`${raw}/multus-cni/v${ofMultus}/deployments/multus-daemonset.yml`]: join(multus, 'multus-daemonset.yml'),
    ...Object.fromEntries(
      files.map((name) => [`${raw}/whereabouts/v${ofWhereabouts}/doc/crds/${name}.yaml`, join(multus, `${name}.yaml`)]),
    ),
  };
}

/** The archives that its `docker save` writes to a folder. */
export function writeTutorialImages(folder: string): void {
  const [, programs] = neededTools();
  const all = clusterImages(programs());
  const [ofMultus, ofWhereabouts] = versions();
  const likeOwn = (name: string) => all.find((image) => image.name === name) ?? { name, files: {}, config: {} };
  const images = {
    node: likeOwn(NODE_IMAGE),
    multus: { ...likeOwn(IMAGES.multus), name: `ghcr.io/${OWNER}/multus-cni:v${ofMultus}` },
    whereabouts: { ...likeOwn(IMAGES.whereabouts), name: `ghcr.io/${OWNER}/whereabouts:v${ofWhereabouts}` },
    curl: {
      ...likeOwn(BUSYBOX),
      name: 'docker.io/curlimages/curl:8.16.0',
      files: { ...likeOwn(BUSYBOX).files, 'usr/bin/curl': CURL.path ?? '', ...librariesOf(CURL.path ?? '') },
    },
  };
  for (const [name, image] of Object.entries(images)) writeImage(join(folder, `${name}.tar`), image);
}

/** Of Multus and of whereabouts. */
function versions(): readonly string[] {
  return basename(tools.multus().path ?? '').split('-');
}
