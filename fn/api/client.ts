import type { Address } from '../net/address.ts';
import { addressesOf } from './assured.ts';
import { DEFAULTS } from './generated/fields.ts';
import type { Client as ClientSpec, Workload } from './generated/gateway-network.ts';
import { parseSelector, type Selector } from './selector.ts';
import { groupOf, KNOWN_WORKLOADS, knownWorkload, type WorkloadKind } from './workload-kinds.ts';

/** An entry of `spec.clients`: the workloads that match all of its fields. */
export interface Client extends Selector {
  readonly names: Scope;
  readonly namespaces: Scope;
  /** The kinds of objects to search, and the paths of their pods. */
  readonly workloads: readonly WorkloadKind[];
  /** `Known`: the user listed no kinds, so pods of other kinds may be meant too. */
  readonly kinds: 'Known' | 'Listed';
  readonly attachment: 'Shared' | 'PerNamespace';
  /** `Gateway`: the pods ask the resolver at the gateway addresses. */
  readonly dns: 'Cluster' | 'Gateway';
  /** Whether replies to connections on the primary interface leave by it. */
  readonly preservesInbound: boolean;
  readonly addressing: Addressing;
}

export type Scope = { readonly type: 'All' } | { readonly type: 'Named'; readonly names: readonly string[] };

/** `Fixed`: one in each subnet, IPv4 first. */
export type Addressing = { readonly type: 'Pool' } | { readonly type: 'Fixed'; readonly addresses: readonly Address[] };

export function parseClient(client: ClientSpec): Client {
  const {
    selector,
    names,
    namespaces,
    workloads,
    attachment = DEFAULTS['spec.clients[].attachment'],
    dns = DEFAULTS['spec.clients[].dns'],
    preserveInbound = DEFAULTS['spec.clients[].preserveInbound'],
    addresses,
  } = client;
  return {
    ...parseSelector(selector),
    names: scope(names),
    namespaces: scope(namespaces),
    workloads: workloads?.map(parseWorkload) ?? KNOWN_WORKLOADS,
    kinds: workloads === undefined ? 'Known' : 'Listed',
    attachment,
    dns,
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
