import { shutdownDelay } from '../node/config/shutdown.ts';
import type { NetworkPlan, RouterPlan } from '../plan/network-plan.ts';
import { conntrackdPrograms } from './conntrackd.ts';
import { keepalivedPrograms } from './keepalived.ts';
import { metricsMounts, pageMounts, ROUTER_PAGE } from './metrics.ts';
import { metricsServer } from './metrics-server.ts';
import { type Pod, type Program, programCommand } from './pod.ts';
import { resolverPrograms } from './resolver.ts';
import { tunnelContainer, tunnelPrograms } from './tunnel.ts';

/**
 * The containers of a router. If there are several, an init container loads the rules first, so that no packet of the
 * pod ever bypasses them.
 */
export function routerPod(plan: NetworkPlan, router: RouterPlan, config: string): Pod {
  const { router: name } = plan.names;
  const own = routerProgram(plan);
  const delay = shutdownDelay(router.index);
  const others: readonly Program[] = [
    ...tunnelPrograms(plan, router),
    ...keepalivedPrograms(plan),
    ...conntrackdPrograms(plan),
    ...resolverPrograms(plan),
  ];
  const tunnel = tunnelContainer(plan);
  const server = metricsServer(plan, ROUTER_PAGE);
  const isAlone = others.length === 0 && server.length === 0 && tunnel === undefined;
  return {
    serviceAccount: name,
    configMap: config,
    ...(!isAlone && { init: { ...own, container: 'rules', mounts: [], verb: 'rules' } }),
    programs: [own, ...others].map((program) => ({
      ...program,
      // By which programs find what is theirs in the configuration that all routers share.
      env: [{ name: 'ROUTER', value: String(router.index) }],
      ...(delay > 0 && { preStop: ['sleep', String(delay)] }),
    })),
    foreign: { containers: [...server, ...(tunnel?.containers ?? [])], volumes: tunnel?.volumes ?? [] },
  };
}

function routerProgram(plan: NetworkPlan): Program {
  // The node's directory is mounted only where a router has metrics that its pod's state does not show.
  const files = plan.failover.type === 'None' ? [] : metricsMounts(plan);
  const metrics = [...files, ...pageMounts(plan, ROUTER_PAGE)];
  return {
    container: 'router',
    command: programCommand('router'),
    resources: plan.resources.router,
    env: [],
    ...(metrics.length > 0 && { mounts: metrics }),
  };
}
