import { ROUTER } from '../agent/programs.ts';
import type { NetworkPlan, RouterPlan } from '../plan/network-plan.ts';
import type { Pod, Program } from './pod.ts';

/**
 * The containers of a router. Where there is more than the router's own, one that loads its rules comes first, so that nothing else
 * in the pod ever sends a packet that they do not see.
 */
export function routerPod(plan: NetworkPlan, router: RouterPlan): Pod {
  const { router: name } = plan.names;
  const own = routerProgram(plan, router);
  const others: readonly Program[] = [];
  return {
    serviceAccount: name,
    configMap: name,
    ...(others.length > 0 && { init: { ...own, container: 'rules', env: [], verb: 'rules' } }),
    programs: [own, ...others],
  };
}

function routerProgram(plan: NetworkPlan, { addresses, mac, egressAddresses }: RouterPlan): Program {
  return {
    container: 'router',
    script: ROUTER.entry,
    resources: plan.resources.router,
    env: [
      { name: 'ADDRESSES', value: addresses.join(' ') },
      { name: 'MAC', value: mac },
      ...(egressAddresses.length > 0 ? [{ name: 'EGRESS_ADDRESSES', value: egressAddresses.join(' ') }] : []),
    ],
  };
}
