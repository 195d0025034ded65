import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { NetworkStatus } from '../../fn/status/network-status.ts';
import type { Cluster } from './cluster.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/gateway-network-fn', import.meta.url));

/** What `gateway-network-fn status` says of all networks; nothing where it says that something is wrong. */
export function statusOf(cluster: Cluster): readonly NetworkStatus[] | undefined {
  const { status, stdout } = runStatus(cluster, ['-o', 'json']);
  return status === 0 ? (JSON.parse(stdout) as { readonly networks: readonly NetworkStatus[] }).networks : undefined;
}

/** Runs it as a user does. */
export function runStatus(cluster: Cluster, args: readonly string[] = []) {
  return runVerb(cluster, ['status', ...args]);
}

/** Runs any verb that asks the cluster as a user does. */
export function runVerb({ kubeconfig }: Cluster, args: readonly string[], input = '') {
  return spawnSync(PROGRAM, [...args, '--kubeconfig', kubeconfig], { encoding: 'utf8', input });
}
