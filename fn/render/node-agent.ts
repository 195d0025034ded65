import type { V1ConfigMap, V1DaemonSet } from '@kubernetes/client-node';
import { LIVE_AGENT_KEYS } from '../node/config/agent-config.ts';
import type { DaemonSetPlan, NetworkPlan } from '../plan/network-plan.ts';
import { agentData } from './agent-data.ts';
import { configMap, hashedName, without } from './config-map.ts';
import { formatJson } from './json.ts';
import { labels, metadata, podSelector } from './metadata.ts';
import { nodeRules } from './node-rules.ts';
import { metricsMounts, nodePage, pageMounts } from './metrics.ts';
import { type Mount, podSpec, type Program, programCommand, scheduling } from './pod.ts';

/** After SIGTERM an agent waits up to 50 seconds for its successor, or until the last pod of the network is gone. */
const GRACE_SECONDS = 60;

/** The lock that every user of the legacy backend of iptables on a node takes (xtables, iptables(8) "-w"). */
const XTABLES_LOCK = '/run/xtables.lock';

/** One agent on each node, in the node's network namespace, and its configuration. It does not use the API server. */
export function nodeAgent(plan: NetworkPlan, agent: DaemonSetPlan): readonly [V1ConfigMap, V1DaemonSet] {
  const data = agentData(plan, agent);
  const files = { 'config.json': formatJson(data), 'rules.nft': nodeRules(plan) };
  const name = hashedName(plan.names.agent, without(data, LIVE_AGENT_KEYS));
  return [configMap(plan, 'node-agent', name, files), daemonSet(plan, agent, name)];
}

function daemonSet(plan: NetworkPlan, agent: DaemonSetPlan, config: string): V1DaemonSet {
  const { agent: name } = plan.names;
  const program = {
    container: 'node-agent',
    command: programCommand('node-agent'),
    resources: agent.resources,
    env: [
      { name: 'HOST_IP', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    ],
    ...agentPrivileges(plan, agent),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: metadata(plan, 'node-agent', name),
    spec: {
      selector: { matchLabels: podSelector(plan, 'node-agent') },
      // The new agent takes over before the old one goes, which they can since they use no port of the host.
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '10%', maxUnavailable: 0 } },
      template: {
        metadata: { labels: labels(plan, 'node-agent') },
        spec: {
          hostNetwork: true,
          dnsPolicy: 'ClusterFirstWithHostNet',
          terminationGracePeriodSeconds: GRACE_SECONDS,
          ...scheduling(plan.placement.network),
          ...podSpec(plan, { serviceAccount: name, configMap: config, programs: [program] }),
        },
      },
    },
  };
}

/** The agent's further privileges and mounts on the node, only where the spec needs them. */
function agentPrivileges(
  plan: NetworkPlan,
  { iptablesLegacy, cniDir }: DaemonSetPlan,
): Pick<Program, 'capabilities' | 'mounts'> {
  const managesLegacy = iptablesLegacy === 'Manage';
  // The directory is missing until Multus has run.
  const results = { name: 'cni-results', hostPath: { path: cniDir, type: 'DirectoryOrCreate' } };
  const mounts: Mount[] = [{ volume: results, mountPath: cniDir, readOnly: true }];
  if (managesLegacy) {
    const hostPath = { path: XTABLES_LOCK, type: 'FileOrCreate' };
    mounts.push({ volume: { name: 'xtables-lock', hostPath }, mountPath: XTABLES_LOCK });
  }
  mounts.push(...metricsMounts(plan), ...pageMounts(plan, nodePage(plan)));
  return { ...(managesLegacy && { capabilities: ['NET_ADMIN', 'NET_RAW'] }), mounts };
}
