import { ROUTER } from '../agent/programs.ts';
import { OVERLAY_INTERFACE } from '../plan/gateway.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { type ConfigData, envFile } from './config-map.ts';
import { conntrackdFiles } from './conntrackd.ts';
import { keepalivedFiles } from './keepalived.ts';
import { EGRESS_MARK } from './router-own-rules.ts';
import { routerRules } from './router-rules.ts';

/** How often, in seconds, a router looks at itself where something else than its own program may change what it depends on. */
const WATCHFUL_INTERVAL = 1;

/** What all routers of a network read: values, rules and programs. */
export function routerConfig(plan: NetworkPlan): ConfigData {
  return {
    'router.env': envFile(routerValues(plan)),
    'rules.nft': routerRules(plan),
    ...ROUTER.files,
    ...keepalivedFiles(plan),
    ...conntrackdFiles(plan),
  };
}

function routerValues(plan: NetworkPlan): Record<string, string | number> {
  const { egress, subnets, failover, healthCheck } = plan;
  const isWatchful = egress.type !== 'ClusterNetwork' || failover.type !== 'None' || healthCheck.length > 0;
  return {
    OVERLAY_INTERFACE,
    EGRESS_INTERFACE: egress.interface,
    FORWARDING: subnets.map((subnet) => subnet.family).join(' '),
    ...(egress.type !== 'ClusterNetwork' && { SUBNETS: subnets.map(({ cidr }) => cidr).join(' ') }),
    ...(egress.type === 'Network' && {
      EGRESS_NETWORKS: egress.networks.join(' '),
      EGRESS_MARK,
      GATEWAYS: egress.gateways.join(' '),
    }),
    ...(healthCheck.length > 0 && { HEALTH_CHECK: healthCheck.join(' ') }),
    ...(failover.type === 'VRRP' && { VRRP: 'yes' }),
    ...(isWatchful && { INTERVAL: WATCHFUL_INTERVAL }),
  };
}
