import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeImage } from '../engines/tool.ts';
import type { ImageSpec } from './images.ts';
import type { Programs } from './programs.ts';

/** The images of primary networks. They run the tools of packet filters and routes, which the node image has. */
export function primaryImages({ flannel, kubeRouter }: Programs): readonly ImageSpec[] {
  const base = `${nodeImage().path}/image.tar`;
  const [plugin = '', daemon = ''] = imagesOf(join(flannel, 'kube-flannel.yml'));
  const [router = ''] = imagesOf(join(kubeRouter, 'generic-kuberouter-all-features.yaml'));
  return [
    { name: plugin, base, files: { flannel: join(flannel, 'flannel') }, config: {} },
    {
      name: daemon,
      base,
      files: { 'opt/bin/flanneld': join(flannel, 'flanneld'), 'opt/bin/install-conf': join(flannel, 'install-conf') },
      config: { Entrypoint: ['/opt/bin/flanneld'] },
    },
    {
      name: `${router}:latest`,
      base,
      files: { usr: join(kubeRouter, 'ipset/usr'), 'usr/local/bin/kube-router': join(kubeRouter, 'kube-router') },
      config: { Entrypoint: ['/usr/local/bin/kube-router'] },
    },
  ];
}

/** The names of the images in a file, each once. */
function imagesOf(file: string): readonly string[] {
  return [...new Set([...readFileSync(file, 'utf8').matchAll(/image: (.*)/g)].map(([, name = '']) => name))];
}
