import type { Address } from '../net/address.ts';
import { addressesOf } from './assured.ts';
import { DEFAULTS } from './generated/fields.ts';
import type { Client as ClientSpec, Workload } from './generated/gateway-network.ts';
import { parseSelector, type Selector } from './selector.ts';
import { groupOf, KNOWN_WORKLOADS, knownWorkload, type WorkloadKind } from './workload-kinds.ts';

/** An entry of `spec.clients`: the pods that match all of its fields. */
export interface Client extends Selector {
  /** `Render`: workloads of the input join. `Admission`: pods join when they are created. */
  readonly join: 'Render' | 'Admission';
  readonly names: Scope;
  readonly namespaces: Scope;
  /** Requirements on the labels of the namespaces. */
  readonly namespaceSelector: Selector;
  /** The kinds of objects to search, and the paths of their pods; none for `Admission`. */
  readonly workloads: readonly WorkloadKind[];
  /** `Known`: the user listed no kinds, so pods of other kinds may be meant too. */
  readonly kinds: 'Known' | 'Listed';
  readonly attachment: 'Shared' | 'PerNamespace';
  /** `Gateway`: the pods ask the resolver at the gateway addresses. */
  readonly dns: 'Cluster' | 'Gateway';
  /** Whether the user has set `dns`, so that no advice is needed. */
  readonly isDnsSet: boolean;
  /** Whether its pods start only with the routes of the network. */
  readonly guarded: boolean;
  /** Whether a NetworkPolicy keeps what its pods send by their primary interface in the cluster. */
  readonly limitedByPolicy: boolean;
  /** Whether replies to connections on the primary interface leave by it. */
  readonly preservesInbound: boolean;
  readonly addressing: Addressing;
}

export type Scope = { readonly type: 'All' } | { readonly type: 'Named'; readonly names: readonly string[] };

/** `Fixed`: one in each subnet, IPv4 first. */
export type Addressing = { readonly type: 'Pool' } | { readonly type: 'Fixed'; readonly addresses: readonly Address[] };

export function parseClient(client: ClientSpec): Client {
  const {
    join = DEFAULTS['spec.clients[].join'],
    selector,
    names,
    namespaces,
    namespaceSelector,
    workloads,
    attachment = DEFAULTS['spec.clients[].attachment'],
    dns = DEFAULTS['spec.clients[].dns'],
    guard = DEFAULTS['spec.clients[].guard'],
    networkPolicy = DEFAULTS['spec.clients[].networkPolicy'],
    preserveInbound = DEFAULTS['spec.clients[].preserveInbound'],
    addresses,
  } = client;
  return {
    ...parseSelector(selector),
    join,
    names: scope(names),
    namespaces: scope(namespaces),
    namespaceSelector: parseSelector(namespaceSelector),
    workloads: join === 'Admission' ? [] : (workloads?.map(parseWorkload) ?? KNOWN_WORKLOADS),
    kinds: join === 'Render' && workloads === undefined ? 'Known' : 'Listed',
    attachment,
    dns,
    isDnsSet: client.dns !== undefined,
    guarded: guard === 'Enabled',
    limitedByPolicy: networkPolicy === 'Enabled',
    preservesInbound: preserveInbound === 'Enabled',
    addressing: addresses === undefined ? { type: 'Pool' } : { type: 'Fixed', addresses: addressesOf(addresses) },
  };
}

function scope(names: readonly string[] | undefined): Scope {
  return names === undefined ? { type: 'All' } : { type: 'Named', names };
}

function parseWorkload({ apiVersion = '', kind, templatePath = '' }: Workload): WorkloadKind {
  return (
    knownWorkload(kind, apiVersion === '' ? undefined : apiVersion) ?? {
      group: groupOf(apiVersion),
      kind,
      path: templatePath.split('.'),
    }
  );
}
