import { ROUTER } from '../agent/programs.ts';
import { formatInterfaceAddress } from '../net/interface-address.ts';
import type { NetworkPlan, RouterPlan } from '../plan/network-plan.ts';
import { conntrackdPrograms } from './conntrackd.ts';
import { keepalivedPrograms } from './keepalived.ts';
import { METRICS_DIR, metricsMounts } from './metrics.ts';
import type { Pod, Program } from './pod.ts';
import { resolverPrograms } from './resolver.ts';
import { tunnelContainer, tunnelPrograms } from './tunnel.ts';

/** The time that replacing a router may take, in seconds. */
const SHUTDOWN_DELAY_STEP = 20;

/**
 * The containers of a router. If there are several, an init container loads the rules first, so that no packet of the
 * pod ever bypasses them.
 */
export function routerPod(plan: NetworkPlan, router: RouterPlan): Pod {
  const { router: name } = plan.names;
  const own = routerProgram(plan, router);
  const delay = shutdownDelay(router);
  const others: readonly Program[] = [
    ...tunnelPrograms(plan, router),
    ...keepalivedPrograms(plan, router),
    ...conntrackdPrograms(plan, router),
    ...resolverPrograms(plan),
  ];
  const foreign = tunnelContainer(plan);
  return {
    serviceAccount: name,
    configMap: name,
    ...((others.length > 0 || foreign) && { init: { ...own, container: 'rules', env: [], mounts: [], verb: 'rules' } }),
    programs: [own, ...others].map((program) => ({
      ...program,
      ...(delay > 0 && { preStop: ['sleep', String(delay)] }),
    })),
    ...(foreign && { foreign }),
  };
}

/**
 * How long a router keeps running before SIGTERM, in seconds: each longer than the previous one. A changed
 * configuration ends all of them at once, and by then the previous router is back.
 */
export function shutdownDelay({ index }: RouterPlan): number {
  return index * SHUTDOWN_DELAY_STEP;
}

function metricsEnv({ label, names, routers }: NetworkPlan, { index, name }: RouterPlan): Program['env'] {
  const others = routers.filter((other) => other.index !== index).map((other) => other.name);
  return [
    { name: 'METRICS_FILE', value: `${METRICS_DIR}/${names.metricsFile.replace(/\.prom$/, '')}_router_${index}.prom` },
    { name: 'NETWORK', value: label },
    { name: 'ROUTER_NAME', value: name },
    ...(others.length > 0 ? [{ name: 'OTHER_ROUTERS', value: others.join(' ') }] : []),
  ];
}

function routerProgram(plan: NetworkPlan, router: RouterPlan): Program {
  const { addresses, mac, egressAddresses } = router;
  // The node's directory is mounted only where a router has metrics that its pod's state does not show.
  const metrics = plan.failover.type === 'None' ? [] : metricsMounts(plan);
  return {
    container: 'router',
    script: ROUTER.entry,
    resources: plan.resources.router,
    ...(metrics.length > 0 && { mounts: metrics }),
    env: [
      { name: 'ADDRESSES', value: addresses.map(formatInterfaceAddress).join(' ') },
      { name: 'MAC', value: mac },
      ...(egressAddresses.length > 0
        ? [{ name: 'EGRESS_ADDRESSES', value: egressAddresses.map(formatInterfaceAddress).join(' ') }]
        : []),
      ...(metrics.length > 0 ? metricsEnv(plan, router) : []),
    ],
  };
}
