import { afterAll, beforeAll } from 'vitest';
import { missingRights } from '../agent/requirements.ts';
import { describeWith } from '../engines/describe-tools.ts';
import * as tools from '../engines/tool.ts';
import { type Cluster, type ClusterOptions, startCluster } from './cluster.ts';
import { ARE_SEVERAL } from './control-groups.ts';
import type { Programs } from './programs.ts';

/** What the machine has to have besides. */
const COMMANDS = ['ip', 'nft', 'iptables', 'runc', 'openssl', 'nsenter', 'setpriv', 'unshare'];

/** Gives the cluster of a suite; within its tests and hooks only. */
export type GetCluster = () => Cluster;

/** A suite with a cluster of its own, which may need more tools. */
export function describeCluster(
  title: string,
  options: ClusterOptions,
  body: (cluster: GetCluster) => void,
  more: readonly tools.Tool[] = [],
): void {
  const [needed, programs] = neededTools();
  describeWith([{ title, path: '/' }, ...needed, ...more], () => {
    let running: Cluster | undefined;
    beforeAll(async () => {
      running = await startCluster(programs(), options);
    }, 180_000);
    afterAll(async () => running?.[Symbol.asyncDispose](), 60_000);
    body(() => {
      if (running === undefined) throw new Error('the cluster runs within tests only');
      return running;
    });
  });
}

/** What a cluster is run from, and its paths where all of it is there. */
export function neededTools(): readonly [readonly tools.Tool[], () => Programs] {
  const found = {
    etcd: tools.etcd(),
    kubernetes: tools.kubernetes(),
    containerd: tools.containerd(),
    multus: tools.multus(),
    coreDns: tools.tool('coredns', 'COREDNS_VERSION'),
    flannel: tools.flannel(),
    kubeRouter: tools.kubeRouter(),
    plugins: tools.debianPlugins(),
    kubectl: tools.kubectls().at(-1) ?? { title: 'kubectl' },
    busybox: tools.command('busybox'),
  };
  const rights = missingRights().map((title): tools.Tool => ({ title }));
  const groups: tools.Tool = { title: 'control groups of version 1', ...(ARE_SEVERAL && { path: '/' }) };
  const needed = [...Object.values(found), tools.nodeImage(), ...COMMANDS.map(tools.command), ...rights, groups];
  const programs = () =>
    Object.fromEntries(Object.entries(found).map(([name, { path = '' }]) => [name, path])) as unknown as Programs;
  return [needed, programs];
}
