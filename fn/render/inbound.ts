import type { V1ConfigMap } from '@kubernetes/client-node';
import type { InboundConfig } from '../node/config/inbound-config.ts';
import { VERSION } from '../node/config/values.ts';
import { PRIMARY_INTERFACE } from '../plan/gateway.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { configMap } from './config-map.ts';
import { inboundRules } from './inbound-rules.ts';
import { formatJson } from './json.ts';
import { inNamespace } from './metadata.ts';

/**
 * What the program of clients that answer inbound connections reads, in each of their namespaces: a pod mounts
 * ConfigMaps of its own namespace only.
 */
export function inboundConfigMaps(plan: NetworkPlan): readonly V1ConfigMap[] {
  const program = configMap(plan, 'network', plan.names.inbound, {
    'config.json': formatJson(inboundData(plan)),
    'rules.nft': inboundRules(plan),
  });
  return plan.primary.inboundNamespaces.map((namespace) => inNamespace(plan, program, namespace));
}

/** The `config.json` of such clients. */
export function inboundData({ label }: NetworkPlan): InboundConfig {
  return { version: VERSION, network: label, interface: PRIMARY_INTERFACE };
}
