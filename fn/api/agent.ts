import type { Address } from '../net/address.ts';
import { addressOf, assured } from './assured.ts';
import { DEFAULTS } from './generated/fields.ts';
import type { AgentDaemonSet, GatewayNetworkSpec, NodeRules } from './generated/gateway-network.ts';
import { parseOverlay, type VXLAN } from './overlay.ts';
import { AGENT_RESOURCES, parseResources, type Resources } from './resources.ts';

/** The program that builds the network's interfaces on the nodes. */
export type Agent =
  | {
      readonly type: 'DaemonSet';
      readonly snatExemption: SnatExemption;
      /** `Manage`: rules are also kept in the legacy backend of iptables. `Report`: its use is only reported. */
      readonly iptablesLegacy: 'Report' | 'Manage';
      readonly metrics: Metrics;
      /** The folder on the nodes where Multus keeps its files. */
      readonly cniDir: string;
      readonly resources: Resources;
    }
  | { readonly type: 'NodeNetworkOperator'; readonly overlay: LinkOverlay };

export type SnatExemption = { readonly type: 'NoTrack' } | { readonly type: 'ChainReturn'; readonly chain: string };

/** `Textfile`: a file in a directory on the node. */
export type Metrics = { readonly type: 'None' } | { readonly type: 'Textfile'; readonly directory: string };

/** The overlay settings of a Link: it needs a multicast group and a named interface. */
export type LinkOverlay = { readonly type: 'SingleNode' } | LinkVXLAN;

export interface LinkVXLAN extends Pick<VXLAN, 'type' | 'device' | 'vni' | 'port'> {
  readonly underlay: string;
  readonly group: Address;
}

export function parseAgent(spec: GatewayNetworkSpec): Agent {
  const { agent, nodeRules = {} } = spec;
  if (agent?.type === 'NodeNetworkOperator') return { type: agent.type, overlay: parseLinkOverlay(spec) };
  const { metrics, resources, cniDir = DEFAULTS['spec.agent.daemonSet.cniDir'] } = agent?.daemonSet ?? {};
  const { snatExemption, iptablesLegacy = DEFAULTS['spec.nodeRules.iptablesLegacy'] } = nodeRules;
  return {
    type: 'DaemonSet',
    snatExemption: parseExemption(snatExemption),
    iptablesLegacy,
    metrics: parseMetrics(metrics),
    cniDir,
    resources: parseResources(resources, AGENT_RESOURCES),
  };
}

function parseLinkOverlay(spec: GatewayNetworkSpec): LinkOverlay {
  const overlay = parseOverlay(spec);
  if (overlay.type === 'SingleNode') return overlay;
  const { type, device, vni, port } = overlay;
  const { group } = assured(spec.overlay?.flooding?.multicast);
  return { type, device, vni, port, underlay: assured(spec.overlay?.underlay?.interface), group: addressOf(group) };
}

function parseExemption(exemption: NodeRules['snatExemption']): SnatExemption {
  if (exemption?.type !== 'ChainReturn') return { type: 'NoTrack' };
  return { type: 'ChainReturn', chain: assured(exemption.chainReturn).chain };
}

function parseMetrics(metrics: AgentDaemonSet['metrics']): Metrics {
  if (metrics === undefined) return { type: 'None' };
  const { directory = DEFAULTS['spec.agent.daemonSet.metrics.textfile.directory'] } = metrics.textfile ?? {};
  return { type: 'Textfile', directory };
}
