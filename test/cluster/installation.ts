import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { example } from '../datapath/bed/example.ts';
import type { Cluster } from './cluster.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/gateway-network-fn', import.meta.url));

/**
 * What the executable renders an example to, some fields of its network replaced. Throws what it says where it refuses.
 */
export function rendered(name: string, fields: Readonly<Record<string, unknown>> = {}): string {
  return execFileSync(PROGRAM, ['render', '-'], { input: example(name, fields), encoding: 'utf8', stdio: 'pipe' });
}

/** Applies manifests as a user does. */
export async function apply({ kubectl }: Cluster, manifests: string): Promise<void> {
  await kubectl(['apply', '-f', '-'], manifests);
}

/** Waits until the workloads of manifests are rolled out. */
export async function untilReady(
  { kubectl }: Pick<Cluster, 'kubectl'>,
  manifests: string,
  seconds = 60,
): Promise<void> {
  const workloads = objects(manifests).filter(({ kind }) => ['DaemonSet', 'Deployment', 'StatefulSet'].includes(kind));
  for (const { kind, metadata } of workloads) {
    const workload = `${kind}/${metadata.name}`;
    await kubectl(['-n', metadata.namespace ?? 'default', 'rollout', 'status', workload, `--timeout=${seconds}s`]);
  }
}

export async function install(cluster: Cluster, manifests: string): Promise<void> {
  await apply(cluster, manifests);
  await untilReady(cluster, manifests);
}

/** Deletes all that manifests name, and waits until it has gone. */
export async function uninstall({ kubectl }: Cluster, manifests: string): Promise<void> {
  await kubectl(['delete', '--ignore-not-found', '--wait', '-f', '-'], manifests);
}

interface ManifestObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

function objects(manifests: string): readonly ManifestObject[] {
  return parseAllDocuments(manifests).flatMap((document) => (document.toJS() as ManifestObject | null) ?? []);
}
