import { formatAddress } from '../net/address.ts';
import { formatCidr } from '../net/cidr.ts';
import { formatInterfaceAddress } from '../net/interface-address.ts';
import type { RouterConfig } from '../node/config/router-config.ts';
import { VERSION } from '../node/config/values.ts';
import { OVERLAY_INTERFACE } from '../plan/gateway.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { METRICS_DIR, pageData } from './metrics.ts';

/** The `config.json` of the routers. */
export function routerData(plan: NetworkPlan): RouterConfig {
  const { subnets, mtu, routers, healthCheck, label } = plan;
  return {
    version: VERSION,
    network: label,
    interface: OVERLAY_INTERFACE,
    mtu,
    subnets: subnets.map(({ cidr }) => formatCidr(cidr)),
    gateways: subnets.map(({ gateway }) => formatAddress(gateway)),
    hasAgents: plan.agent.type === 'DaemonSet',
    bridgeAnswers: bridgeAnswers(plan),
    routers: routers.map(({ name, mac, addresses, egressAddresses }) => ({
      name,
      mac,
      addresses: addresses.map(formatInterfaceAddress),
      egressAddresses: egressAddresses.map(formatInterfaceAddress),
    })),
    egress: { type: plan.egress.type, interface: plan.egress.interface },
    ...egressRoutes(plan),
    ...wireGuardData(plan),
    ...failoverData(plan),
    healthCheck: healthCheck.map(formatAddress),
    ...resolverData(plan),
    ...metricsData(plan),
    ...pageData(plan),
  };
}

/** The bridge of a network without IPv4 lets no ARP through, and one without an overlay has no port to answer by. */
function bridgeAnswers({ agent, overlay, subnets }: NetworkPlan): boolean {
  return agent.type === 'DaemonSet' && overlay.type === 'VXLAN' && subnets.some(({ family }) => family === 'IPv4');
}

function egressRoutes({ egress }: NetworkPlan): Pick<RouterConfig, 'egressRoutes'> {
  if (egress.type !== 'Network') return {};
  const { networks, nextHops } = egress;
  return { egressRoutes: { networks: networks.map(formatCidr), nextHops: nextHops.map(formatAddress) } };
}

function wireGuardData({ egress }: NetworkPlan): Pick<RouterConfig, 'wireGuard'> {
  if (egress.type !== 'VPN' || egress.tunnel.type !== 'WireGuard') return {};
  return { wireGuard: { implementation: egress.tunnel.implementation } };
}

function failoverData({ failover }: NetworkPlan): Pick<RouterConfig, 'failover'> {
  if (failover.type === 'None') return {};
  const { overlay, egress, synchronised } = failover;
  return {
    failover: {
      addresses: overlay.map(formatInterfaceAddress),
      egressAddresses: egress.map(formatInterfaceAddress),
      synchronised,
    },
  };
}

function resolverData({ resolver, clusterDomain, clusterCidrs }: NetworkPlan): Pick<RouterConfig, 'resolver'> {
  if (resolver.type === 'None') return {};
  return {
    resolver: {
      upstreams: resolver.upstreams.map(formatAddress),
      clusterDomain,
      clusterCidrs: clusterCidrs.map(formatCidr),
    },
  };
}

/** Only where a router has metrics that its pod's state does not show. */
function metricsData({ agent, failover, names }: NetworkPlan): Pick<RouterConfig, 'metricsFile'> {
  if (agent.type !== 'DaemonSet' || agent.metrics.type !== 'Textfile' || failover.type === 'None') return {};
  return { metricsFile: `${METRICS_DIR}/${names.metricsFile}` };
}
