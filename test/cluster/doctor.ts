import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Diagnosis } from '../../fn/doctor/diagnosis.ts';
import { faultsOf } from '../doctor/facts.ts';
import type { Cluster } from './cluster.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/gateway-network-fn', import.meta.url));

/** What `gateway-network-fn doctor` prints of a cluster, as a user runs it. */
export function runDoctor({ kubeconfig }: Cluster, args: readonly string[], input = ''): string {
  const { stdout, stderr } = spawnSync(PROGRAM, ['doctor', ...args, '--kubeconfig', kubeconfig], {
    encoding: 'utf8',
    input,
  });
  if (stdout === '') throw new Error(stderr);
  return stdout;
}

/** Its errors and warnings, of the networks of an input or of those in the cluster. */
export function faultsIn(cluster: Cluster, input?: string): readonly string[] {
  const args = input === undefined ? [] : ['-'];
  return faultsOf(JSON.parse(runDoctor(cluster, [...args, '-o', 'json'], input)) as Diagnosis);
}
