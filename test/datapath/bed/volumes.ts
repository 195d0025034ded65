import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import type { V1Container, V1HostPathVolumeSource, V1KeyToPath, V1Volume } from '@kubernetes/client-node';
import type { Mount } from '../image/oci-config.ts';
import type { Manifests } from './manifests.ts';
import type { Node } from './node.ts';
import { dataOf } from './object-data.ts';

/** Where the data of ConfigMaps and Secrets is taken from. */
interface Data {
  readonly manifests: Manifests;
  readonly kubernetesNamespace: string;
}

/** What a pod's volumes are made of. */
export interface VolumeSource extends Data {
  /** A folder of the pod's own. */
  readonly directory: string;
  readonly node: Node;
}

/** Makes the volumes of a pod, once for all of its containers. Gives where each one is on the machine, by its name. */
export function makeVolumes(volumes: readonly V1Volume[], source: VolumeSource): ReadonlyMap<string, string> {
  return new Map(volumes.map((volume) => [volume.name, makeVolume(volume, source)]));
}

/** The mounts of a container. */
export function mountsOf({ volumeMounts = [] }: V1Container, volumes: ReadonlyMap<string, string>): Mount[] {
  return volumeMounts.map(({ name, mountPath, subPath, readOnly = false }) => {
    const path = volumes.get(name);
    if (path === undefined) throw new Error(`there is no volume ${name}`);
    return { source: subPath ? `${path}/${subPath}` : path, destination: mountPath, readOnly };
  });
}

function makeVolume(volume: V1Volume, source: VolumeSource): string {
  const { name, hostPath, emptyDir } = volume;
  if (hostPath) return makeHostPath(hostPath, source.node);
  const { manifests, kubernetesNamespace: namespace } = source;
  const path = `${source.directory}/volumes/${name}`;
  mkdirSync(path, { recursive: true });
  if (emptyDir) chmodSync(path, 0o777);
  else project(path, contentOf(volume, manifests, namespace));
  return path;
}

/** Replaces the files of ConfigMaps and Secrets in the volumes of a running pod by those of other manifests. */
export function updateVolumes(volumes: readonly V1Volume[], paths: ReadonlyMap<string, string>, source: Data): void {
  for (const volume of volumes) {
    if (!volume.configMap && !volume.secret) continue;
    project(String(paths.get(volume.name)), contentOf(volume, source.manifests, source.kubernetesNamespace));
  }
}

/** The files of a volume: their text and their mode, by their paths. */
type Content = ReadonlyMap<string, { readonly text: string; readonly mode: number }>;

function contentOf({ name, configMap, secret }: V1Volume, manifests: Manifests, namespace: string): Content {
  const given = configMap
    ? { kind: 'ConfigMap' as const, object: configMap.name, ...configMap }
    : secret && { kind: 'Secret' as const, object: secret.secretName, ...secret };
  if (!given) throw new Error(`the volume ${name} is of a kind that cannot be made`);
  const { kind, object, items, defaultMode = 0o644, optional } = given;
  const data = dataOf(manifests, { kind, name: object, namespace, optional });
  const all: readonly V1KeyToPath[] = items ?? Object.keys(data).map((key) => ({ key, path: key }));
  return new Map(
    all.map(({ key, path, mode = defaultMode }) => {
      const text = data[key];
      if (text === undefined) throw new Error(`there is no key ${key}`);
      return [path, { text, mode }];
    }),
  );
}

/**
 * Writes the files as the kubelet does, so that all are replaced in one moment: they are in a folder of their own
 * behind the link `..data`, which is renamed over the one before, and each has a link to there.
 */
function project(folder: string, content: Content): void {
  const now = mkdtempSync(`${folder}/..`);
  chmodSync(now, 0o755);
  for (const [path, { text, mode }] of content) {
    mkdirSync(dirname(`${now}/${path}`), { recursive: true });
    writeFileSync(`${now}/${path}`, text);
    chmodSync(`${now}/${path}`, mode);
  }
  const before = existsSync(`${folder}/..data`) ? readlinkSync(`${folder}/..data`) : undefined;
  symlinkSync(basename(now), `${folder}/..data_tmp`);
  renameSync(`${folder}/..data_tmp`, `${folder}/..data`);
  const names = new Set([...content.keys()].map((path) => path.split('/')[0] ?? ''));
  for (const name of names) if (!existsSync(`${folder}/${name}`)) symlinkSync(`..data/${name}`, `${folder}/${name}`);
  for (const name of readdirSync(folder)) if (!name.startsWith('..') && !names.has(name)) rmSync(`${folder}/${name}`);
  if (before !== undefined) rmSync(`${folder}/${before}`, { recursive: true });
}

/** A path of the node, which is a folder of the machine; a device is the machine's own. */
function makeHostPath({ path: wanted, type }: V1HostPathVolumeSource, { runtime }: Node): string {
  if (type === 'CharDevice') {
    if (!existsSync(wanted) || !statSync(wanted).isCharacterDevice()) throw new Error(`${wanted} is no device`);
    return wanted;
  }
  const path = `${runtime.state}/host${wanted}`;
  if (type === 'FileOrCreate') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '', { flag: 'a' });
  } else {
    mkdirSync(path, { recursive: true });
  }
  return path;
}
