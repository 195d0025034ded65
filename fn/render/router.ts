import type { V1ConfigMap, V1Deployment } from '@kubernetes/client-node';
import { ROUTER } from '../agent/programs.ts';
import { NETWORKS_ANNOTATION } from '../krm/annotations.ts';
import type { NetworkPlan, RouterPlan, Toleration } from '../plan/network-plan.ts';
import { type NetworkAttachmentDefinition, routerAttachment } from './attachment.ts';
import { type ConfigData, configHash, configMap, envFile } from './config-map.ts';
import { labels, metadata, podSelector } from './metadata.ts';
import { podSpec, scheduling } from './pod.ts';
import { EGRESS_INTERFACE, OVERLAY_INTERFACE } from './router-interfaces.ts';
import { routerRules } from './router-rules.ts';

const ROUTER_LABEL = 'gatewaynetwork.dev/router';

/** How long a lost node keeps its router, in seconds; the default of Kubernetes is five minutes. */
const NODE_LOSS_SECONDS = 15;
const NODE_LOSS: readonly Toleration[] = ['not-ready', 'unreachable'].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: NODE_LOSS_SECONDS,
}));

/** The routers and their common configuration. */
export function routers(plan: NetworkPlan): readonly [V1ConfigMap, ...(V1Deployment | NetworkAttachmentDefinition)[]] {
  const config = routerConfig(plan);
  const hash = configHash(config);
  return [
    configMap(plan, 'router', plan.names.router, config),
    ...plan.routers.flatMap((router) => [routerAttachment(plan, router), deployment(plan, router, hash)]),
  ];
}

/** One Deployment a router: two pods of one template would share one fixed address. */
function deployment(plan: NetworkPlan, router: RouterPlan, hash: Record<string, string>): V1Deployment {
  const program = {
    container: 'router',
    script: ROUTER.entry,
    configMap: plan.names.router,
    resources: plan.resources.router,
    env: [
      { name: 'ADDRESSES', value: router.addresses.join(' ') },
      { name: 'MAC', value: router.mac },
    ],
  };
  const ownLabel = { [ROUTER_LABEL]: String(router.index) };
  const { routers: placement } = plan.placement;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(plan, 'router', router.name),
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: { ...podSelector(plan, 'router'), ...ownLabel } },
      template: {
        metadata: {
          labels: { ...labels(plan, 'router'), ...ownLabel },
          annotations: {
            [NETWORKS_ANNOTATION]: `${router.name}@${OVERLAY_INTERFACE}`,
            ...hash,
          },
        },
        spec: {
          priorityClassName: 'system-cluster-critical',
          terminationGracePeriodSeconds: 5,
          ...scheduling({ ...placement, tolerations: [...placement.tolerations, ...NODE_LOSS] }),
          ...podSpec(plan, plan.names.router, program),
        },
      },
    },
  };
}

function routerConfig(plan: NetworkPlan): ConfigData {
  return {
    'router.env': envFile({
      OVERLAY_INTERFACE,
      EGRESS_INTERFACE,
      FORWARDING: plan.subnets.map((subnet) => subnet.family).join(' '),
    }),
    'rules.nft': routerRules(plan),
    ...ROUTER.files,
  };
}
