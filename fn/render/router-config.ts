import { ROUTER } from '../agent/programs.ts';
import { formatAddress } from '../net/address.ts';
import { formatCidr } from '../net/cidr.ts';
import { OVERLAY_INTERFACE } from '../plan/gateway.ts';
import type { LocatedPlan, NetworkPlan } from '../plan/network-plan.ts';
import { type ConfigData, envFile } from './config-map.ts';
import { conntrackdFiles } from './conntrackd.ts';
import { keepalivedFiles } from './keepalived.ts';
import { resolverConfig } from './resolver.ts';
import { EGRESS_MARK } from './router-own-rules.ts';
import { routerRules } from './router-rules.ts';
import { tunnelFiles } from './tunnel.ts';

/** What all routers of a network read: values, rules and programs. */
export function routerConfig(plan: LocatedPlan): ConfigData {
  return {
    'router.env': envFile(routerValues(plan)),
    'rules.nft': routerRules(plan),
    ...ROUTER.files,
    ...tunnelFiles(plan),
    ...keepalivedFiles(plan),
    ...conntrackdFiles(plan),
    ...resolverConfig(plan),
  };
}

function routerValues(plan: NetworkPlan): Record<string, string | number> {
  const { egress, subnets, mtu, failover, healthCheck, resolver } = plan;
  const upstreams = resolver.type === 'Gateway' ? resolver.upstreams : [];
  // The bridge of a network without IPv4 lets no ARP through, and one without an overlay has no port to answer by.
  const hasIPv4 = subnets.some(({ family }) => family === 'IPv4');
  const answers = plan.agent.type === 'DaemonSet' && plan.overlay.type === 'VXLAN' && hasIPv4;
  const isWatchful = egress.type !== 'ClusterNetwork' || failover.type !== 'None' || healthCheck.length > 0;
  return {
    OVERLAY_INTERFACE,
    EGRESS_INTERFACE: egress.interface,
    MTU: mtu,
    ...(answers && { BRIDGE_ANSWERS: 'yes' }),
    FORWARDING: subnets.map((subnet) => subnet.family).join(' '),
    ...callFrom(plan),
    ...(egress.type !== 'ClusterNetwork' && {
      SUBNETS: subnets.map(({ cidr }) => formatCidr(cidr)).join(' '),
      ...(upstreams.length > 0 && { UPSTREAMS: upstreams.map(formatAddress).join(' ') }),
    }),
    ...(egress.type === 'VPN' && egress.tunnel.type === 'WireGuard' && { TUNNEL: 'WireGuard' }),
    ...(egress.type === 'Network' && {
      EGRESS_NETWORKS: egress.networks.map(formatCidr).join(' '),
      EGRESS_MARK,
      GATEWAYS: egress.nextHops.map(formatAddress).join(' '),
    }),
    ...(healthCheck.length > 0 && { HEALTH_CHECK: healthCheck.map(formatAddress).join(' ') }),
    ...(failover.type === 'VRRP' && { VRRP: 'yes' }),
    ...(isWatchful && { WATCHFUL: 'yes' }),
  };
}

/** The gateway's IPv6 address, from which the router contacts clients that may have lost its neighbour entry. */
function callFrom({ subnets }: NetworkPlan): Record<string, string> {
  const gateway = subnets.find(({ family }) => family === 'IPv6')?.gateway;
  return gateway === undefined ? {} : { CALL_FROM: formatAddress(gateway) };
}
