import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { V1Container, V1HostPathVolumeSource, V1KeyToPath, V1Volume } from '@kubernetes/client-node';
import type { Mount } from '../image/oci-config.ts';
import type { Manifests } from './manifests.ts';
import type { Node } from './node.ts';
import { dataOf } from './object-data.ts';

/** What a pod's volumes are made of. */
export interface VolumeSource {
  /** A folder of the pod's own. */
  readonly directory: string;
  readonly node: Node;
  readonly manifests: Manifests;
  readonly kubernetesNamespace: string;
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

function makeVolume({ name, configMap, secret, hostPath, emptyDir }: V1Volume, source: VolumeSource): string {
  if (hostPath) return makeHostPath(hostPath, source.node);
  const { manifests, kubernetesNamespace: namespace } = source;
  const path = `${source.directory}/volumes/${name}`;
  mkdirSync(path, { recursive: true });
  if (emptyDir) {
    chmodSync(path, 0o777);
  } else if (configMap) {
    const { items, defaultMode, optional } = configMap;
    writeFiles(path, dataOf(manifests, { kind: 'ConfigMap', name: configMap.name, namespace, optional }), {
      items,
      defaultMode,
    });
  } else if (secret) {
    const { items, defaultMode, optional } = secret;
    writeFiles(path, dataOf(manifests, { kind: 'Secret', name: secret.secretName, namespace, optional }), {
      items,
      defaultMode,
    });
  } else {
    throw new Error(`the volume ${name} is of a kind that cannot be made`);
  }
  return path;
}

interface Projection {
  readonly items: readonly V1KeyToPath[] | undefined;
  readonly defaultMode: number | undefined;
}

function writeFiles(folder: string, data: Readonly<Record<string, string>>, projection: Projection): void {
  const { items = Object.keys(data).map((key) => ({ key, path: key })), defaultMode = 0o644 } = projection;
  for (const { key, path, mode = defaultMode } of items as readonly V1KeyToPath[]) {
    const text = data[key];
    if (text === undefined) throw new Error(`there is no key ${key}`);
    const file = `${folder}/${path}`;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
  }
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
