import { execFileSync } from 'node:child_process';
import { type Commit, ROOT, timestamp } from './project.ts';

/** An image that is released. */
export interface Image {
  /** Its name in a registry. */
  readonly name: string;
  /** Its target in the Dockerfile. */
  readonly target: string;
  /** The programs in it that `npm run build` bundles. */
  readonly programs: readonly string[];
  /** Whether it has a Bun to run them. */
  readonly bun: boolean;
  /** Build arguments that name images from which a program is copied. */
  readonly copiedFrom: readonly string[];
}

const FUNCTION = { programs: ['gateway-network-fn.mjs', 'cluster.mjs'], bun: true };

export const IMAGES: readonly Image[] = [
  { name: 'gateway-network-fn', target: 'function', ...FUNCTION, copiedFrom: [] },
  { name: 'gateway-network-argocd', target: 'argocd', ...FUNCTION, copiedFrom: ['KUSTOMIZE_IMAGE'] },
  {
    name: 'gateway-network-flux',
    target: 'gateway-network-flux',
    programs: ['controller.mjs', 'render-worker.mjs'],
    bun: false,
    copiedFrom: ['NODE_IMAGE'],
  },
  { name: 'gateway-network-node', target: 'node', programs: [], bun: false, copiedFrom: [] },
];

/**
 * The arguments of buildah for a target of the Dockerfile. All times in the image are those of the commit, so that the
 * same files give the same digest.
 */
export function buildahArguments(target: string, of: Commit, buildArgs: readonly string[]): readonly string[] {
  return [
    'bud',
    '--quiet',
    '--layers',
    '--isolation=chroot',
    `--timestamp=${of.seconds}`,
    `--target=${target}`,
    `--build-arg=REVISION=${of.revision}`,
    `--build-arg=CREATED=${timestamp(of.seconds)}`,
    ...buildArgs.map((argument) => `--build-arg=${argument}`),
  ];
}

/**
 * Builds an image for the architecture of this machine.
 *
 * @param archive the file that it is written to, an OCI archive
 */
export function buildImage(image: Image, archive: string, of: Commit, buildArgs: readonly string[]): void {
  const name = `localhost/${image.name}:release`;
  const run = (...args: readonly string[]) => execFileSync('buildah', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  run(...buildahArguments(image.target, of, buildArgs), `--tag=${name}`, ROOT);
  run('push', '--quiet', name, `oci-archive:${archive}`);
}
