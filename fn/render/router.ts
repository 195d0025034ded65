import type { V1ConfigMap, V1Deployment } from '@kubernetes/client-node';
import { NETWORKS_ANNOTATION } from '../marks.ts';
import { OVERLAY_INTERFACE } from '../plan/gateway.ts';
import { attachmentReference } from '../plan/names.ts';
import type { LocatedPlan, NetworkPlan, RouterPlan, Toleration } from '../plan/network-plan.ts';
import { type NetworkAttachmentDefinition, routerAttachment } from './attachment.ts';
import { configHash, configMap } from './config-map.ts';
import { labels, metadata, podSelector } from './metadata.ts';
import { podSpec, scheduling } from './pod.ts';
import { routerConfig } from './router-config.ts';
import { shutdownDelay, routerPod } from './router-pod.ts';

const ROUTER_LABEL = 'gatewaynetwork.dev/router';

/** How long a router stays bound to a lost node, in seconds; the default of Kubernetes is five minutes. */
const NODE_LOSS_SECONDS = 15;
const NODE_LOSS: readonly Toleration[] = ['not-ready', 'unreachable'].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: NODE_LOSS_SECONDS,
}));

/** How long a program of a router may take to end, in seconds. */
const GRACE_SECONDS = 5;

/** The routers and their common configuration. */
export function routers(plan: LocatedPlan): readonly [V1ConfigMap, ...(V1Deployment | NetworkAttachmentDefinition)[]] {
  const config = routerConfig(plan);
  return [
    configMap(plan, 'router', plan.names.router, config),
    ...plan.routers.flatMap((router) => {
      const attachment = routerAttachment(plan, router);
      // Settings that a pod reads only at its start must replace it: MTU and sysctls are only in the attachment.
      const hash = configHash({ ...config, attachment: attachment.spec.config, bridge: plan.bridge });
      return [attachment, deployment(plan, router, hash)];
    }),
  ];
}

/** One Deployment for each router: two pods of one template would share one fixed address. */
function deployment(plan: NetworkPlan, router: RouterPlan, hash: Record<string, string>): V1Deployment {
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
          annotations: { [NETWORKS_ANNOTATION]: networks(plan, router), ...hash },
        },
        spec: {
          terminationGracePeriodSeconds: GRACE_SECONDS + shutdownDelay(router),
          ...scheduling(
            { ...placement, tolerations: [...placement.tolerations, ...NODE_LOSS] },
            plan.routers.length > 1 ? podSelector(plan, 'router') : undefined,
          ),
          ...podSpec(plan, routerPod(plan, router)),
        },
      },
    },
  };
}

function networks({ egress, namespace }: NetworkPlan, router: RouterPlan): string {
  const own = `${router.name}@${OVERLAY_INTERFACE}`;
  if (egress.type !== 'Network') return own;
  const { attachment } = egress;
  return `${own}, ${attachmentReference(attachment.name, attachment.namespace, namespace)}@${egress.interface}`;
}
