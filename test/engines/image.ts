import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createImageStorage, type ImageStorage } from './image-storage.ts';
import { output } from './program.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** An image, in a storage of its own. */
export interface BuiltImage extends ImageStorage {
  readonly name: string;
}

/** Programs and files to build with. */
export interface Builder {
  readonly buildah: string;
  readonly podman: string;
  readonly npm: string;
  /** Archive of a Debian system that stands in for the base images. */
  readonly base: string;
}

/**
 * Builds the function's target of the Dockerfile with stand-ins for its base images: a minimal Debian for the runtime, and the same
 * with this Node and npm for the build. For the base of the other target there is none, so it is not built.
 */
export function buildImage(builder: Builder): BuiltImage {
  const storage = createImageStorage();
  try {
    return { ...storage, name: buildWith(builder, storage.env) };
  } catch (error) {
    storage.remove();
    throw error;
  }
}

function buildWith({ buildah, podman, npm, base }: Builder, env: BuiltImage['env']): string {
  const call = (program: string, ...args: string[]): string => output(program, args, { env }).trim();
  const name = 'localhost/gateway-network-fn:test';

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

  const cache = output(npm, ['config', 'get', 'cache']).trim();
  const names = {
    NODE_IMAGE: 'localhost/node:latest',
    BASE_IMAGE: 'localhost/base:latest',
    VERSION: '1.2.3',
    REVISION: 'abc',
  };
  const buildArgs = Object.entries(names).map(([key, value]) => `--build-arg=${key}=${value}`);
  const volume = `--volume=${cache}:/root/.npm`;
  call(
    buildah,
    'bud',
    '--quiet',
    '--isolation=chroot',
    '--pull-never',
    '--target=function',
    volume,
    ...buildArgs,
    '-t',
    name,
    ROOT,
  );
  return name;
}
