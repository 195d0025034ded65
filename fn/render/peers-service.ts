import type { V1Service } from '@kubernetes/client-node';
import type { NetworkPlan, OverlayPlan } from '../plan/network-plan.ts';
import { metadata, podSelector } from './metadata.ts';

/**
 * A headless Service whose DNS records are the addresses of all nodes that run an agent: how the agents find each other
 * without access to the API server. Agents that are not ready are listed too, or none would ever become so.
 */
export function peersService(plan: NetworkPlan, overlay: OverlayPlan & { type: 'VXLAN' }): V1Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(plan, 'node-agent', plan.names.peers),
    spec: {
      clusterIP: 'None',
      ipFamilyPolicy: 'SingleStack',
      ipFamilies: [overlay.underlay.family],
      publishNotReadyAddresses: true,
      selector: podSelector(plan, 'node-agent'),
      ports: [{ name: 'vxlan', protocol: 'UDP', port: overlay.port, targetPort: overlay.port }],
    },
  };
}
