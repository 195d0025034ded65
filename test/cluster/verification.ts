import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { V1PodList } from '@kubernetes/client-node';
import { TEST_LABEL } from '../../fn/verify/manifests.ts';
import type { Cluster } from './cluster.ts';
import type { Node } from './node.ts';
import { until } from './process.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/gateway-network-fn', import.meta.url));

/** What the program has said, and its exit status. */
export interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `gateway-network-fn test` while it runs, as a user starts it. */
export interface Verification {
  readonly child: ChildProcess;
  readonly said: Promise<Said>;
}

export function startVerification({ kubeconfig }: Cluster, args: readonly string[]): Verification {
  const child = spawn(PROGRAM, ['test', ...args, '--kubeconfig', kubeconfig], { stdio: ['ignore', 'pipe', 'pipe'] });
  const end = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { child, said: end.then(([stdout, stderr]) => ({ status: child.exitCode, stdout, stderr })) };
}

/** The namespaces of tests. */
export async function namespacesOfTests({ kubectl }: Cluster): Promise<string> {
  return kubectl(['get', 'namespaces', '-l', TEST_LABEL, '-o', 'name']);
}

/** Waits until all pods of a test are ready: so many. */
export async function untilPodsReady({ kubectl }: Cluster, count: number): Promise<void> {
  await until(`${count} pods of a test`, 60, async () => {
    const [name] = (await kubectl(['get', 'namespaces', '-l', TEST_LABEL, '-o', 'name'])).trim().split('\n');
    if (!name) return false;
    const answer = await kubectl(['-n', name.replace('namespace/', ''), 'get', 'pods', '-o', 'json']);
    const ready = (JSON.parse(answer) as V1PodList).items.filter(({ status }) =>
      status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True'),
    );
    return ready.length === count;
  });
}

/** Stops the agent of a node, and takes away its rules at the clients' `eth0`. */
export function takeRulesAway(node: Node, network: string): void {
  stopAgent(node);
  for (const family of ['netdev', 'inet', 'bridge']) {
    node.run(['sh', '-c', `nft delete table ${family} gwn_${network}_primary 2>/dev/null || true`]);
  }
}

/** The agent of a node does nothing from now on; its pod is ready for half a minute more. */
export function stopAgent(node: Node): void {
  node.run(['pkill', '-STOP', '-f', 'node-agent run']);
}

export function letAgentGoOn(node: Node): void {
  node.run(['pkill', '-CONT', '-f', 'node-agent run']);
}

/** Whether all agents have been ready for so many seconds. */
export async function agentsAreReadyFor({ kubectl }: Cluster, seconds: number): Promise<boolean> {
  const chosen = ['get', 'pods', '-n', 'egress', '-l', 'app.kubernetes.io/component=node-agent', '-o', 'json'];
  return (JSON.parse(await kubectl(chosen)) as V1PodList).items.every(({ status }) => {
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    return ready?.status === 'True' && Date.now() - Date.parse(String(ready.lastTransitionTime)) > seconds * 1000;
  });
}

/** Gives a node chains of nftables that spoil something, by their names and what is in them. */
export function plant(node: Node, ...chains: readonly string[]): void {
  node.run(['nft', `table inet planted { ${chains.map((chain) => `chain ${chain};`).join(' ')} }`]);
}

/** Takes {@link plant}ed chains away. */
export function uproot(node: Node): void {
  node.run(['nft', 'delete', 'table', 'inet', 'planted']);
}
