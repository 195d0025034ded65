import type { V1ConfigMap, V1DaemonSet } from '@kubernetes/client-node';
import { NODE_AGENT } from '../agent/programs.ts';
import type { FloodingPlan, NetworkPlan, OverlayPlan } from '../plan/network-plan.ts';
import { type ConfigData, configHash, configMap, envFile } from './config-map.ts';
import { labels, metadata, podSelector } from './metadata.ts';
import { nodeRules } from './node-rules.ts';
import { podSpec, scheduling } from './pod.ts';

/** One agent a node, in the node's own network namespace, and its configuration. It asks nothing of the API server. */
export function nodeAgent(plan: NetworkPlan): readonly [V1ConfigMap, V1DaemonSet] {
  const config = agentConfig(plan);
  return [configMap(plan, 'node-agent', plan.names.agent, config), daemonSet(plan, configHash(config))];
}

function daemonSet(plan: NetworkPlan, hash: Record<string, string>): V1DaemonSet {
  const { agent: name } = plan.names;
  const program = {
    container: 'node-agent',
    script: NODE_AGENT.entry,
    configMap: name,
    resources: plan.resources.agent,
    env: [
      { name: 'HOST_IP', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
      { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    ],
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: metadata(plan, 'node-agent', name),
    spec: {
      selector: { matchLabels: podSelector(plan, 'node-agent') },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
      template: {
        metadata: { labels: labels(plan, 'node-agent'), annotations: hash },
        spec: {
          hostNetwork: true,
          dnsPolicy: 'ClusterFirstWithHostNet',
          priorityClassName: 'system-node-critical',
          terminationGracePeriodSeconds: 10,
          ...scheduling(plan.placement.network),
          ...podSpec(plan, name, program),
        },
      },
    },
  };
}

function agentConfig(plan: NetworkPlan): ConfigData {
  return {
    'network.env': envFile({ BRIDGE: plan.bridge, MTU: plan.mtu, ...overlayValues(plan), ...exemptionValues(plan) }),
    'rules.nft': nodeRules(plan),
    ...NODE_AGENT.files,
  };
}

function overlayValues({ overlay, names }: NetworkPlan): Record<string, string | number> {
  if (overlay.type === 'SingleNode') return {};
  return {
    VXLAN: overlay.device,
    VNI: overlay.vni,
    PORT: overlay.port,
    UNDERLAY_FAMILY: overlay.underlay.family,
    ...underlayInterface(overlay),
    FLOODING: overlay.flooding.type,
    ...floodingValues(overlay.flooding, names.peers),
  };
}

function underlayInterface({ underlay }: OverlayPlan & { type: 'VXLAN' }): Record<string, string> {
  return underlay.interface.type === 'Named' ? { UNDERLAY_INTERFACE: underlay.interface.name } : {};
}

function floodingValues(flooding: FloodingPlan, peersService: string): Record<string, string | number> {
  switch (flooding.type) {
    case 'Discovered':
      return { PEERS_SERVICE: peersService };
    case 'Listed':
      return { PEERS: flooding.peers.join(' ') };
    case 'Multicast':
      return { GROUP: flooding.group, TTL: flooding.ttl };
  }
}

function exemptionValues({ agent, subnets }: NetworkPlan): Record<string, string> {
  if (agent.type !== 'DaemonSet' || agent.snatExemption.type === 'NoTrack') return {};
  return { SNAT_CHAIN: agent.snatExemption.chain, SUBNETS: subnets.map((subnet) => subnet.cidr).join(' ') };
}
