import type { Joined } from './clients/join.ts';
import { ownerKey } from './ownership/owner.ts';
import { formatAddress } from './net/address.ts';
import type { Problem } from './krm/problem.ts';
import type { Reconciliation } from './ownership/reconcile.ts';
import { dnsPortAdvice } from './plan/dns-port-advice.ts';
import type { NetworkPlan } from './plan/network-plan.ts';
import { singleNodeAdvice } from './plan/single-node-advice.ts';
import { noEffectAdvice } from './plan/no-effect-advice.ts';
import { failoverAdvice } from './plan/failover-advice.ts';
import { outsideTunnelAdvice } from './plan/outside-tunnel-advice.ts';

const ADVICE_ON_PLAN = [singleNodeAdvice, failoverAdvice, noEffectAdvice, dnsPortAdvice, outsideTunnelAdvice];

const UPSTREAMS = 'spec.gateway.dns.upstreams';

/** One line for each network: what this run did, and advice for the user. */
export function summarise(plans: readonly NetworkPlan[], owned: Reconciliation, joined: Joined): readonly Problem[] {
  return plans.flatMap((plan) => {
    const counts = owned.counts.get(ownerKey(plan)) ?? { added: 0, updated: 0, unchanged: 0, removed: 0 };
    const objects = counts.added + counts.updated + counts.unchanged;
    const clients = joined.clients.get(ownerKey(plan)) ?? 0;
    const done = Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([what, count]) => `${count} ${what}`);
    const rendered: Problem = {
      code: 'Rendered',
      severity: 'info',
      message: `${plural(objects, 'object')} (${done.join(', ')}), ${plural(clients, 'client')} in the input`,
      ref: plan.ref,
      ...(plan.file && { file: plan.file }),
    };
    return [rendered, ...advice(plan), ...ADVICE_ON_PLAN.flatMap((check) => check(plan))];
  });
}

function advice(plan: NetworkPlan): readonly Problem[] {
  const { agent, namespace, resolver } = plan;
  return [
    ...(agent.type === 'NodeNetworkOperator'
      ? [
          warning(
            plan,
            "node-network-operator does not install the node rules: exempt the network from the CNI's source NAT on every node by hand; " +
              'the network can reach the nodes',
            { path: 'spec.agent.type', currentValue: agent.type },
          ),
        ]
      : []),
    ...(namespace === ''
      ? [
          warning(
            plan,
            '`metadata.namespace` is not set, so the rendered objects go to any namespace that they are applied to, and clients in other namespaces do not find the ' +
              'network: set it',
            { path: 'metadata.namespace' },
          ),
        ]
      : []),
    ...(resolver.type === 'None' && resolver.unused.length > 0
      ? [
          warning(
            plan,
            `\`${UPSTREAMS}\` has no effect: no entry of \`spec.clients\` has \`dns: Gateway\`, so DNS queries bypass the gateway; ` +
              'set it for the clients, or remove the name servers',
            { path: UPSTREAMS, currentValue: resolver.unused.map(formatAddress) },
          ),
        ]
      : []),
  ];
}

function warning({ ref, file }: NetworkPlan, message: string, field: NonNullable<Problem['field']>): Problem {
  return { code: 'Advice', severity: 'warning', message, ref, ...(file && { file }), field };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
