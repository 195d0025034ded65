import { parse } from 'yaml';
import type { GatewayNetwork } from '../../fn/api/generated/gateway-network.ts';
import type { NetworkPlan } from '../../fn/plan/network-plan.ts';
import { plan } from '../../fn/plan/plan.ts';

/** The plan of a network `egress/vpn` with a spec in YAML. */
export function planOf(
  spec: string,
  metadata: GatewayNetwork['metadata'] = { name: 'vpn', namespace: 'egress' },
): NetworkPlan {
  return plan(
    { apiVersion: 'gatewaynetwork.dev/v1alpha1', kind: 'GatewayNetwork', metadata, spec: parse(spec) },
    undefined,
  );
}

/** The smallest network over all nodes. */
export const MULTI_NODE = '{subnets: [192.168.50.0/24], overlay: {vni: 1000}}';
