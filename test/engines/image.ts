import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { output } from './program.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** The function image, in a storage of its own. */
export interface BuiltImage {
  readonly name: string;
  /** What podman and buildah need in their environment to find it. */
  readonly env: Readonly<Record<string, string>>;
  /** Removes image and storage. */
  readonly remove: () => void;
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
 * Builds the Dockerfile with stand-ins for its base images: a minimal Debian for the runtime, and the same with this Node and npm
 * for the build.
 */
export function buildImage(builder: Builder): BuiltImage {
  const storage = mkdtempSync(join(tmpdir(), 'gateway-network-fn-images-'));
  const remove = (): void => rmSync(storage, { recursive: true, force: true });
  try {
    const env = configure(storage);
    return { name: buildWith(builder, env), env, remove };
  } catch (error) {
    remove();
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

/** Writes what lets podman run in a virtual machine with hybrid control groups, and without touching other images. */
function configure(storage: string): Readonly<Record<string, string>> {
  const [engine, store] = [join(storage, 'containers.conf'), join(storage, 'storage.conf')];
  writeFileSync(
    engine,
    [
      '[engine]',
      'runtime = "runc"',
      'cgroup_manager = "cgroupfs"',
      'events_logger = "none"',
      '[containers]',
      'default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]',
      '',
    ].join('\n'),
  );
  writeFileSync(
    store,
    `[storage]\ndriver = "overlay"\ngraphroot = "${join(storage, 'graph')}"\nrunroot = "${join(storage, 'run')}"\n`,
  );
  return { CONTAINERS_CONF: engine, CONTAINERS_STORAGE_CONF: store };
}
