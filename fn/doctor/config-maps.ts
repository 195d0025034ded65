import type { V1ConfigMap } from '@kubernetes/client-node';
import type { Facts } from '../cluster/facts.ts';
import { fieldsOf, isFields } from '../yaml/fields.ts';
import { itemsOf } from './check.ts';
import { jsonOf } from './network.ts';

/** A ConfigMap that is known by its name alone, in whichever namespace it is. */
export function configMap({ configMaps }: Facts, name: string): V1ConfigMap | undefined {
  return itemsOf(configMaps).find(({ metadata }) => metadata?.name === name);
}

/** What flannel reads (flannel, "Configuration"). */
export interface FlannelConfig {
  readonly Network?: string;
  readonly IPv6Network?: string;
  readonly Backend: { readonly Type?: string; readonly Port?: number; readonly VNI?: number };
}

export function flannelConfig(facts: Facts, name: string): FlannelConfig | undefined {
  const text = configMap(facts, name)?.data?.['net-conf.json'];
  if (text === undefined) return undefined;
  const { Network, IPv6Network, Backend } = fieldsOf(jsonOf(text));
  const { Type, Port, VNI } = fieldsOf(Backend);
  return {
    ...(typeof Network === 'string' && { Network }),
    ...(typeof IPv6Network === 'string' && { IPv6Network }),
    Backend: {
      ...(typeof Type === 'string' && { Type }),
      ...(typeof Port === 'number' && { Port }),
      ...(typeof VNI === 'number' && { VNI }),
    },
  };
}

/** What Multus reads, of which its thick daemon and its thin plugin have a ConfigMap each (Multus, "Configuration"). */
export interface MultusConfig {
  readonly namespaceIsolation?: boolean;
  readonly globalNamespaces?: string;
  readonly cniDir?: string;
}

/** Nothing where Multus is configured by its arguments, or by files that are on the nodes alone. */
export function multusConfig(facts: Facts): MultusConfig | undefined {
  const config = jsonOf(configMap(facts, 'multus-daemon-config')?.data?.['daemon-config.json']);
  if (!isFields(config)) return undefined;
  const { namespaceIsolation, globalNamespaces, cniDir } = config;
  return {
    ...(typeof namespaceIsolation === 'boolean' && { namespaceIsolation }),
    ...(typeof globalNamespaces === 'string' && { globalNamespaces }),
    ...(typeof cniDir === 'string' && { cniDir }),
  };
}
