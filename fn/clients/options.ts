import type { End } from '../yaml/element.ts';
import { clientDNS } from '../plan/client-dns.ts';
import type { ClientsPlan, NetworkPlan } from '../plan/network-plan.ts';
import { GUARD, guardContainer, guardVolume } from '../plan/guard.ts';
import type { Workload } from './workload.ts';

/** The name of the init container, and of the volume that it has its configuration from. */
export const INBOUND = 'gateway-network-inbound';

/** An option of an entry, by its name in the mark of a workload. */
export type Option = 'guard' | 'dns' | 'inbound';

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
  readonly at: End;
  readonly value: Readonly<Record<string, unknown>> & { readonly name: string };
}

export type PodSetting = FieldSetting | ElementSetting;

/** The union of what the entries ask for, in a fixed order. */
export function optionsOf(choices: readonly ClientsPlan[]): readonly Option[] {
  return [
    ...(choices.some(({ guarded }) => guarded) ? (['guard'] as const) : []),
    ...(choices.some(({ dns }) => dns === 'Gateway') ? (['dns'] as const) : []),
    ...(choices.some(({ preservesInbound }) => preservesInbound) ? (['inbound'] as const) : []),
  ];
}

/** What an option sets and adds in the `spec` of a pod. */
export function settingsOf(option: Option, plan: NetworkPlan, workload: Workload): readonly PodSetting[] {
  if (option === 'dns') return dnsSettings(plan, workload);
  return option === 'guard' ? guardSettings(plan) : inboundSettings(plan);
}

/** A field that an option may have set, or an element that it may have added to a list, by its name. */
export type OptionField =
  | Pick<FieldSetting, 'type' | 'field'>
  | (Pick<ElementSetting, 'type' | 'field'> & { readonly name: string });

export const OPTION_FIELDS: Readonly<Record<Option, readonly OptionField[]>> = {
  guard: [
    { type: 'Element', field: 'initContainers', name: GUARD },
    { type: 'Element', field: 'volumes', name: GUARD },
  ],
  dns: [
    { type: 'Field', field: 'dnsPolicy' },
    { type: 'Field', field: 'dnsConfig' },
  ],
  inbound: [
    { type: 'Element', field: 'initContainers', name: INBOUND },
    { type: 'Element', field: 'volumes', name: INBOUND },
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

function dnsSettings(plan: NetworkPlan, { identity: { namespace } }: Workload): readonly PodSetting[] {
  const dnsConfig = clientDNS(plan, (services) => `${namespace}.${services}`);
  return [
    { type: 'Field', field: 'dnsPolicy', value: 'None' },
    { type: 'Field', field: 'dnsConfig', value: dnsConfig },
  ];
}

/** First, so that nothing of the pod runs before it. */
function guardSettings(plan: NetworkPlan): readonly PodSetting[] {
  return [
    { type: 'Element', field: 'initContainers', at: 'First', value: guardContainer(plan) },
    { type: 'Element', field: 'volumes', at: 'Last', value: guardVolume() },
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
    command: ['gateway-network', 'inbound', 'run'],
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
    { type: 'Element', field: 'initContainers', at: 'Last', value: container },
    { type: 'Element', field: 'volumes', at: 'Last', value: { name: INBOUND, configMap: { name: names.inbound } } },
  ];
}
