import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where podman and buildah keep images of one test file. */
export interface ImageStorage {
  /** What podman and buildah need in their environment to use it. */
  readonly env: Readonly<Record<string, string>>;
  /** Removes it with its images. */
  readonly remove: () => void;
}

/** An empty storage, with what lets podman run in a virtual machine with hybrid control groups. */
export function createImageStorage(): ImageStorage {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-network-fn-images-'));
  const [engine, storage] = [join(folder, 'containers.conf'), join(folder, 'storage.conf')];
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
    storage,
    `[storage]\ndriver = "overlay"\ngraphroot = "${join(folder, 'graph')}"\nrunroot = "${join(folder, 'run')}"\n`,
  );
  return {
    env: { CONTAINERS_CONF: engine, CONTAINERS_STORAGE_CONF: storage },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
