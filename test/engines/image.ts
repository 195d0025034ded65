import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildahArguments } from '../../release/images.ts';
import type { Commit } from '../../release/project.ts';
import { createImageStorage, type ImageStorage } from './image-storage.ts';
import { output } from './program.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What images are built of, as labels and times tell. */
const COMMIT: Commit = { revision: 'abc', seconds: 1_700_000_000 };
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Images, in a storage of their own. */
export interface BuiltImages extends ImageStorage {
  /** The name of the function's. */
  readonly name: string;
  /** The name of that with kustomize, for a sidecar of Argo CD. */
  readonly argocd: string;
  /** Builds the function's once more of the same programs, and without layers of the first time; gives its name. */
  readonly again: () => string;
}

/** Programs and files to build with. */
export interface Builder {
  readonly buildah: string;
  readonly podman: string;
  readonly npm: string;
  readonly kustomize: string;
  /** Archive of a Debian system that stands in for the base images. */
  readonly base: string;
}

/** The image of the controller for Flux, in a storage of its own. */
export interface FluxImage extends ImageStorage {
  readonly name: string;
}

/**
 * Builds the function's target of the Dockerfile and that for Argo CD with stand-ins for their
 * base images: a minimal Debian for the
 * runtime, the same with this Node and npm for the build, and a kustomize where its own image has
 * it. For the base of the target `node`
 * there is none, so it is not built.
 */
export function buildImages(builder: Builder): BuiltImages {
  const images = build(builder, {
    name: ['function', 'localhost/gateway-network-fn:test'],
    argocd: ['argocd', 'localhost/gateway-network-argocd:test'],
  });
  const again = () => {
    const [programs, name] = ['localhost/programs:test', 'localhost/gateway-network-fn:again'];
    bud(builder, images.env, 'build', `--tag=${programs}`);
    const options = [`--build-context=build=container-image://${programs}`, '--no-cache', `--tag=${name}`];
    bud(builder, images.env, 'function', ...options);
    return name;
  };
  return { ...images, again };
}

/** Builds the target for Flux with the same stand-ins. */
export function buildFluxImage(builder: Builder): FluxImage {
  return build(builder, { name: ['gateway-network-flux', 'localhost/gateway-network-flux:test'] });
}

/** Targets and the names of their images, by what they are called in the answer. */
type Targets = Readonly<Record<string, readonly [string, string]>>;

function build<T extends Targets>(builder: Builder, targets: T): ImageStorage & Readonly<Record<keyof T, string>> {
  const storage = createImageStorage();
  try {
    buildWith(builder, storage.env, Object.values(targets));
  } catch (error) {
    storage.remove();
    throw error;
  }
  const names = Object.fromEntries(Object.entries(targets).map(([key, [, name]]) => [key, name]));
  return { ...storage, ...(names as Record<keyof T, string>) };
}

function buildWith(builder: Builder, env: ImageStorage['env'], targets: readonly (readonly [string, string])[]): void {
  const { buildah, podman, npm, kustomize, base } = builder;
  const call = (program: string, ...args: string[]): string => output(program, args, { env }).trim();
  call(podman, 'import', '--quiet', base, 'localhost/base:latest');
  const container = call(buildah, 'from', '--pull-never', 'localhost/base:latest');
  call(buildah, 'copy', container, process.execPath, '/usr/local/bin/node');
  call(buildah, 'copy', container, dirname(dirname(realpathSync(npm))), '/usr/local/lib/node_modules/npm');
  call(
    buildah,
    'run',
    '--isolation=chroot',
    container,
    'ln',
    '-s',
    '../lib/node_modules/npm/bin/npm-cli.js',
    '/usr/local/bin/npm',
  );
  if (existsSync(CERTIFICATES)) {
    call(buildah, 'copy', container, CERTIFICATES, CERTIFICATES);
    call(buildah, 'config', '--env', `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`, container);
  }
  call(buildah, 'commit', '--quiet', container, 'localhost/node:latest');
  call(buildah, 'rm', container);

  const scratch = call(buildah, 'from', 'scratch');
  call(buildah, 'copy', scratch, kustomize, '/app/kustomize');
  call(buildah, 'commit', '--quiet', '--rm', scratch, 'localhost/kustomize:latest');

  for (const [target, name] of targets) bud(builder, env, target, `--tag=${name}`);
  // A stage without a command of its own leaves a mounted container behind.
  call(buildah, 'rm', '--all');
}

/** Builds a target as a release does, with the stand-ins. */
function bud({ buildah, npm }: Builder, env: ImageStorage['env'], target: string, ...options: readonly string[]): void {
  const values = {
    NODE_IMAGE: 'localhost/node:latest',
    BASE_IMAGE: 'localhost/base:latest',
    KUSTOMIZE_IMAGE: 'localhost/kustomize:latest',
    VERSION: '1.2.3',
  };
  const given = Object.entries(values).map(([key, value]) => `${key}=${value}`);
  const volume = `--volume=${output(npm, ['config', 'get', 'cache']).trim()}:/root/.npm`;
  output(buildah, [...buildahArguments(target, COMMIT, given), '--pull-never', volume, ...options, ROOT], { env });
}
