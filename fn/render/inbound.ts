import type { V1ConfigMap } from '@kubernetes/client-node';
import { INBOUND } from '../agent/programs.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { configMap } from './config-map.ts';
import { inboundRules } from './inbound-rules.ts';
import { inNamespace } from './metadata.ts';

/**
 * The program of clients that answer inbound connections, and its rules, in each of their namespaces: a pod mounts ConfigMaps of its
 * own namespace only. In the pod itself, as an argument, a script would be at the mercy of what rewrites manifests: the kubelet takes
 * `$$` for an escaped `$`, and Flux `${…}` for a variable of its own.
 */
export function inboundPrograms(plan: NetworkPlan): readonly V1ConfigMap[] {
  const program = configMap(plan, 'network', plan.names.inbound, {
    'rules.nft': inboundRules(plan),
    ...INBOUND.files,
  });
  return plan.inbound.namespaces.map((namespace) => inNamespace(plan, program, namespace));
}
