import type { V1ConfigMap, V1DaemonSet } from '@kubernetes/client-node';
import { NODE_AGENT } from '../agent/programs.ts';
import { formatAddress } from '../net/address.ts';
import { formatCidr } from '../net/cidr.ts';
import { formatEnds } from '../net/range.ts';
import type {
  DaemonSetPlan,
  Flooding,
  NetworkPlan,
  OverlayPlan,
  SnatExemption,
  SubnetPlan,
} from '../plan/network-plan.ts';
import { type ConfigData, configHash, configMap, envFile } from './config-map.ts';
import { labels, metadata, podSelector } from './metadata.ts';
import { nodeRules } from './node-rules.ts';
import { METRICS_DIR, metricsMounts } from './metrics.ts';
import { type Mount, podSpec, type Program, scheduling } from './pod.ts';

/** After SIGTERM an agent waits up to 50 seconds for its successor, or until the last pod of the network is gone. */
const GRACE_SECONDS = 60;

/** The lock that every user of the legacy backend of iptables on a node takes (xtables, iptables(8) "-w"). */
const XTABLES_LOCK = '/run/xtables.lock';

/** One agent on each node, in the node's network namespace, and its configuration. It does not use the API server. */
export function nodeAgent(plan: NetworkPlan, agent: DaemonSetPlan): readonly [V1ConfigMap, V1DaemonSet] {
  const config = agentConfig(plan, agent);
  return [configMap(plan, 'node-agent', plan.names.agent, config), daemonSet(plan, agent, configHash(config))];
}

function daemonSet(plan: NetworkPlan, agent: DaemonSetPlan, hash: Record<string, string>): V1DaemonSet {
  const { agent: name } = plan.names;
  const program = {
    container: 'node-agent',
    script: NODE_AGENT.entry,
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
        metadata: { labels: labels(plan, 'node-agent'), annotations: hash },
        spec: {
          hostNetwork: true,
          dnsPolicy: 'ClusterFirstWithHostNet',
          terminationGracePeriodSeconds: GRACE_SECONDS,
          ...scheduling(plan.placement.network),
          ...podSpec(plan, { serviceAccount: name, configMap: name, programs: [program] }),
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
  mounts.push(...metricsMounts(plan));
  return { ...(managesLegacy && { capabilities: ['NET_ADMIN', 'NET_RAW'] }), mounts };
}

function agentConfig(plan: NetworkPlan, agent: DaemonSetPlan): ConfigData {
  return {
    'network.env': envFile({ ...networkValues(plan), ...overlayValues(plan), ...agentValues(plan, agent) }),
    'attachments.json': attachmentsFile(plan),
    'rules.nft': nodeRules(plan),
    ...NODE_AGENT.files,
  };
}

/**
 * The network's attachments by the `name` of their CNI configuration, and the addresses that its
 * ports may use; a line each.
 */
function attachmentsFile(plan: NetworkPlan): string {
  const { names, clients, routers, subnets } = plan;
  const fixed = clients.flatMap(({ addressing }) => (addressing.type === 'Fixed' ? [addressing] : []));
  const values = {
    clients: [names.clientCNI, ...fixed.map(({ cniName }) => cniName)],
    routers: routers.map(({ cniName, mac, addresses }) => ({
      network: cniName,
      mac,
      addresses: addresses.map(formatAddress),
    })),
    gateways: subnets.map(({ gateway }) => formatAddress(gateway)),
    subnets: subnets.map(({ cidr }) => formatCidr(cidr)),
    pool: subnets.flatMap(({ pool }) => pool.map(formatEnds)),
    fixed: fixed.flatMap(({ addresses }) => addresses.map(({ address }) => formatAddress(address))),
  };
  const lines = Object.entries(values).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

function networkValues({ label, bridge, portGroup, mtu }: NetworkPlan): Record<string, string | number> {
  return { NETWORK: label, BRIDGE: bridge, PORT_GROUP: portGroup, MTU: mtu };
}

function overlayValues(plan: NetworkPlan): Record<string, string | number> {
  const { overlay } = plan;
  if (overlay.type === 'SingleNode') return {};
  return {
    VXLAN: overlay.device,
    VNI: overlay.vni,
    PORT: overlay.port,
    UNDERLAY_FAMILY: overlay.underlay.family,
    ...underlayInterface(overlay),
    FLOODING: overlay.flooding.type,
    ...floodingValues(overlay.flooding, peersName(plan)),
  };
}

function underlayInterface({ underlay }: OverlayPlan & { type: 'VXLAN' }): Record<string, string> {
  return underlay.interface.type === 'Named' ? { UNDERLAY_INTERFACE: underlay.interface.name } : {};
}

/**
 * With a dot at its end, so that no search domain of a node applies. Without a namespace, the agent
 * completes the name.
 */
function peersName({ names, namespace, clusterDomain }: NetworkPlan): string {
  return namespace === '' ? names.peers : `${names.peers}.${namespace}.svc.${clusterDomain}.`;
}

function floodingValues(flooding: Flooding, peersService: string): Record<string, string | number> {
  switch (flooding.type) {
    case 'Discovered':
      return { PEERS_SERVICE: peersService };
    case 'Listed':
      return { PEERS: flooding.peers.map(formatAddress).join(' ') };
    case 'Multicast':
      return { GROUP: formatAddress(flooding.group), TTL: flooding.ttl };
  }
}

function agentValues({ entry, subnets, names }: NetworkPlan, agent: DaemonSetPlan): Record<string, string> {
  return {
    ENTRY: entry,
    CNI_RESULTS: `${agent.cniDir}/results`,
    ...exemptionValues(agent.snatExemption, subnets),
    ...(agent.iptablesLegacy === 'Manage' && { IPTABLES_LEGACY: 'Manage' }),
    ...(agent.metrics.type === 'Textfile' && { METRICS_FILE: `${METRICS_DIR}/${names.metricsFile}` }),
  };
}

function exemptionValues(exemption: SnatExemption, subnets: readonly SubnetPlan[]): Record<string, string> {
  if (exemption.type === 'NoTrack') return {};
  return { SNAT_CHAIN: exemption.chain, SUBNETS: subnets.map(({ cidr }) => formatCidr(cidr)).join(' ') };
}
