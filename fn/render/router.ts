import type { V1ConfigMap, V1Deployment } from '@kubernetes/client-node';
import { API_GROUP, NETWORKS_ANNOTATION } from '../marks.ts';
import { fingerprint } from '../node/config/fingerprint.ts';
import { LIVE_ROUTER_KEYS } from '../node/config/router-config.ts';
import { GRACE_SECONDS, shutdownDelay } from '../node/config/shutdown.ts';
import { OVERLAY_INTERFACE } from '../plan/gateway.ts';
import { attachmentReference } from '../plan/names.ts';
import type { LocatedPlan, NetworkPlan, RouterPlan, Toleration } from '../plan/network-plan.ts';
import { type NetworkAttachmentDefinition, routerAttachment } from './attachment.ts';
import { configMap, hashedName, without } from './config-map.ts';
import { labels, metadata, podSelector } from './metadata.ts';
import { podSpec, scheduling } from './pod.ts';
import { routerConfig } from './router-config.ts';
import { routerData } from './router-data.ts';
import { routerPod } from './router-pod.ts';

const ROUTER_LABEL = `${API_GROUP}/router`;
/** Of what of a router's own only a new pod of it takes: its addresses, its MAC and its attachment. */
const OWN_ANNOTATION = `${API_GROUP}/router-configuration`;

/** How long a router stays bound to a lost node, in seconds; the default of Kubernetes is five minutes. */
const NODE_LOSS_SECONDS = 15;
const NODE_LOSS: readonly Toleration[] = ['not-ready', 'unreachable'].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: NODE_LOSS_SECONDS,
}));

/** The routers and their common configuration. */
export function routers(plan: LocatedPlan): readonly [V1ConfigMap, ...(V1Deployment | NetworkAttachmentDefinition)[]] {
  const data = routerData(plan);
  // Of the routers, each takes what is its own from its pod template, and what is of the others while it runs.
  const name = hashedName(plan.names.router, without(data, [...LIVE_ROUTER_KEYS, 'routers']), plan.bridge);
  return [
    configMap(plan, 'router', name, routerConfig(plan)),
    ...plan.routers.flatMap((router) => {
      // An attachment is read when a pod is made. Of all that it says, a running router takes over the MTU.
      const attachment = routerAttachment({ ...plan, mtu: 0 }, router).spec.config;
      const own = fingerprint(JSON.stringify([data.routers[router.index], attachment]));
      return [routerAttachment(plan, router), deployment(plan, router, name, own)];
    }),
  ];
}

/** One Deployment for each router: two pods of one template would share one fixed address. */
function deployment(plan: NetworkPlan, router: RouterPlan, config: string, own: string): V1Deployment {
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
          annotations: { [NETWORKS_ANNOTATION]: networks(plan, router), [OWN_ANNOTATION]: own },
        },
        spec: {
          terminationGracePeriodSeconds: GRACE_SECONDS + shutdownDelay(router.index),
          ...scheduling(
            { ...placement, tolerations: [...placement.tolerations, ...NODE_LOSS] },
            plan.routers.length > 1 ? podSelector(plan, 'router') : undefined,
          ),
          ...podSpec(plan, routerPod(plan, router, config)),
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
