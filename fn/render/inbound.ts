import type { V1ConfigMap } from '@kubernetes/client-node';
import { INBOUND } from '../agent/programs.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { configMap } from './config-map.ts';
import { inboundRules } from './inbound-rules.ts';
import { inNamespace } from './metadata.ts';

/**
 * The program of clients that answer inbound connections, and its rules, in each of their
 * namespaces: a pod mounts ConfigMaps of its
 * own namespace only. As an argument in the pod a script could be changed: the kubelet reads `$$` as an escaped `$`,
 * and Flux reads `${…}` as a variable.
 */
export function inboundPrograms(plan: NetworkPlan): readonly V1ConfigMap[] {
  const program = configMap(plan, 'network', plan.names.inbound, {
    'rules.nft': inboundRules(plan),
    ...INBOUND.files,
  });
  return plan.inbound.namespaces.map((namespace) => inNamespace(plan, program, namespace));
}
