import { parse } from 'yaml';
import type { GatewayNetwork } from '../../fn/api/generated/gateway-network.ts';
import { parseNetwork } from '../../fn/api/parse-network.ts';
import { locateForwards } from '../../fn/clients/locate-forwards.ts';
import { read } from '../../fn/krm/read.ts';
import type { LocatedPlan, NetworkPlan } from '../../fn/plan/network-plan.ts';
import { plan } from '../../fn/plan/plan.ts';

const METADATA = { name: 'vpn', namespace: 'egress' };

/**
 * The plan of a network `egress/vpn` with a spec in YAML, before the clients of forwarded ports are
 * found. No rule looks at the spec.
 */
export function draftOf(spec: string, metadata: GatewayNetwork['metadata'] = METADATA): NetworkPlan {
  const network = parseNetwork({
    apiVersion: 'gatewaynetwork.dev/v1alpha1',
    kind: 'GatewayNetwork',
    metadata,
    spec: parse(spec),
  });
  return plan(network, undefined);
}

/** The same with the forwarded ports that lead to addresses, as it is rendered. */
export function planOf(spec: string, metadata?: GatewayNetwork['metadata']): LocatedPlan {
  const [located] = locateForwards(read('').input, [], [{ owner: draftOf(spec, metadata) }]).owners;
  if (located === undefined) throw new Error('there is one plan for one draft');
  return located.owner;
}

/** The same, none of whose clients has the guard: for tests of what else a client has. */
export function unguardedPlanOf(spec: string, metadata?: GatewayNetwork['metadata']): LocatedPlan {
  const located = planOf(spec, metadata);
  return { ...located, clients: located.clients.map((client) => ({ ...client, guarded: false })) };
}

/** The smallest network over all nodes. */
export const MULTI_NODE = '{subnets: [192.168.50.0/24], overlay: {vni: 1000}}';
