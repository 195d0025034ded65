import { formatAddress } from '../net/address.ts';
import type { ClientsPlan, NetworkPlan } from '../plan/network-plan.ts';
import type { Workload } from './workload.ts';

/** The name of the init container, and of the volume that it has its program from. */
export const INBOUND = 'gateway-network-inbound';

/** An option of an entry, by its name in the mark of a workload. */
export type Option = 'dns' | 'inbound';

/** A field of a pod's `spec` that an option sets. */
export interface FieldSetting {
  readonly type: 'Field';
  readonly field: 'dnsPolicy' | 'dnsConfig';
  readonly value: unknown;
}

/** An element that an option adds to a list of a pod's `spec`. */
export interface ElementSetting {
  readonly type: 'Element';
  readonly field: 'initContainers' | 'volumes';
  readonly value: Readonly<Record<string, unknown>> & { readonly name: string };
}

export type PodSetting = FieldSetting | ElementSetting;

/** The union of what the entries ask for, in a fixed order. */
export function optionsOf(choices: readonly ClientsPlan[]): readonly Option[] {
  return [
    ...(choices.some(({ dns }) => dns === 'Gateway') ? (['dns'] as const) : []),
    ...(choices.some(({ preservesInbound }) => preservesInbound) ? (['inbound'] as const) : []),
  ];
}

/** What an option sets and adds in the `spec` of a pod. */
export function settingsOf(option: Option, plan: NetworkPlan, workload: Workload): readonly PodSetting[] {
  return option === 'dns' ? dnsSettings(plan, workload) : inboundSettings(plan);
}

/** A field that an option may have set, or a list that it may have extended. */
export type OptionField = Pick<FieldSetting, 'type' | 'field'> | Pick<ElementSetting, 'type' | 'field'>;

export const OPTION_FIELDS: Readonly<Record<Option, readonly OptionField[]>> = {
  dns: [
    { type: 'Field', field: 'dnsPolicy' },
    { type: 'Field', field: 'dnsConfig' },
  ],
  inbound: [
    { type: 'Element', field: 'initContainers' },
    { type: 'Element', field: 'volumes' },
  ],
};

/**
 * Policies of a pod that is not on the node's network which mean what none means: ask the cluster
 * (kubelet, getPodDNSType).
 */
const CLUSTER_FIRST: readonly unknown[] = ['', 'ClusterFirst', 'ClusterFirstWithHostNet'];

/** Whether a value means the same as an absent field. */
export function isDefault(field: FieldSetting['field'], value: unknown): boolean {
  if (value === null) return true;
  if (field === 'dnsPolicy') return CLUSTER_FIRST.includes(value);
  return typeof value === 'object' && !Array.isArray(value) && Object.values(value).every(isEmptyValue);
}

/** Empty values, as templates write them. */
function isEmptyValue(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** The same as the kubelet writes for `ClusterFirst`, except the name servers. */
function dnsSettings(
  { subnets, clusterDomain }: NetworkPlan,
  { identity: { namespace } }: Workload,
): readonly PodSetting[] {
  const dnsConfig = {
    nameservers: subnets.map(({ gateway }) => formatAddress(gateway)),
    searches: [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain],
    options: [{ name: 'ndots', value: '5' }],
  };
  return [
    { type: 'Field', field: 'dnsPolicy', value: 'None' },
    { type: 'Field', field: 'dnsConfig', value: dnsConfig },
  ];
}

/**
 * Root, because other users have no capabilities; all of them are dropped except NET_ADMIN, in the
 * pod's network namespace.
 */
function inboundSettings({ image, names }: NetworkPlan): readonly PodSetting[] {
  const container = {
    name: INBOUND,
    image,
    command: ['/bin/sh', '/etc/gateway-network/inbound.sh'],
    resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
    securityContext: {
      runAsUser: 0,
      runAsGroup: 0,
      runAsNonRoot: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumeMounts: [{ name: INBOUND, mountPath: '/etc/gateway-network', readOnly: true }],
  };
  return [
    { type: 'Element', field: 'initContainers', value: container },
    { type: 'Element', field: 'volumes', value: { name: INBOUND, configMap: { name: names.inbound } } },
  ];
}
