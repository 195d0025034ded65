import { formatAddress } from '../net/address.ts';
import { formatCidr } from '../net/cidr.ts';
import { formatEnds } from '../net/range.ts';
import type { AgentConfig, Attachments, Overlay, Primary } from '../node/config/agent-config.ts';
import { VERSION } from '../node/config/values.ts';
import { PRIMARY_INTERFACE } from '../plan/gateway.ts';
import type { DaemonSetPlan, NetworkPlan, OverlayPlan } from '../plan/network-plan.ts';
import { METRICS_DIR, pageData } from './metrics.ts';

/** The `config.json` of the node agents. */
export function agentData(plan: NetworkPlan, agent: DaemonSetPlan): AgentConfig {
  const { label, bridge, portGroup, mtu, entry, names } = plan;
  return {
    version: VERSION,
    network: label,
    bridge,
    entry,
    portGroup,
    mtu,
    ...overlayData(plan),
    cniResults: `${agent.cniDir}/results`,
    attachments: attachmentsData(plan),
    primary: primaryData(plan),
    ...snatData(plan, agent),
    iptablesLegacy: agent.iptablesLegacy,
    ...(agent.metrics.type === 'Textfile' && { metricsFile: `${METRICS_DIR}/${names.metricsFile}` }),
    ...pageData(plan),
  };
}

function overlayData(plan: NetworkPlan): Pick<AgentConfig, 'overlay' | 'peers' | 'ttl'> {
  const { overlay } = plan;
  if (overlay.type === 'SingleNode') return {};
  const { device, vni, port, underlay } = overlay;
  const { flooding, ...rest } = floodingData(plan, overlay);
  return {
    overlay: {
      device,
      vni,
      port,
      family: underlay.family,
      ...(underlay.interface.type === 'Named' && { underlay: underlay.interface.name }),
      flooding,
    },
    ...rest,
  };
}

function floodingData(
  plan: NetworkPlan,
  { flooding }: OverlayPlan & { type: 'VXLAN' },
): Pick<Overlay, 'flooding'> & Pick<AgentConfig, 'peers' | 'ttl'> {
  switch (flooding.type) {
    case 'Discovered':
      return { flooding: { type: 'Discovered', service: peersName(plan) } };
    case 'Listed':
      return { flooding: { type: 'Listed' }, peers: flooding.peers.map(formatAddress) };
    case 'Multicast':
      return { flooding: { type: 'Multicast', group: formatAddress(flooding.group) }, ttl: flooding.ttl };
  }
}

/**
 * With a dot at its end, so that no search domain of a node applies. Without a namespace, the agent
 * completes the name.
 */
function peersName({ names, namespace, clusterDomain }: NetworkPlan): string {
  return namespace === '' ? names.peers : `${names.peers}.${namespace}.svc.${clusterDomain}.`;
}

function attachmentsData({ names, clients, routers, subnets }: NetworkPlan): Attachments {
  const fixed = clients.flatMap(({ addressing }) => (addressing.type === 'Fixed' ? [addressing] : []));
  return {
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
}

function primaryData({ clients, primary }: NetworkPlan): Primary {
  const allowed = primary.guarded.map(({ family, cidrs }) => [family, cidrs.map(formatCidr)] as const);
  return {
    interface: PRIMARY_INTERFACE,
    ...Object.fromEntries(allowed),
    replies: clients.some(({ preservesInbound }) => preservesInbound),
  };
}

function snatData({ subnets }: NetworkPlan, { snatExemption }: DaemonSetPlan): Pick<AgentConfig, 'snat'> {
  if (snatExemption.type === 'NoTrack') return {};
  return { snat: { chain: snatExemption.chain, subnets: subnets.map(({ cidr }) => formatCidr(cidr)) } };
}
