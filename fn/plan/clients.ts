import type { Client, Scope } from '../api/client.ts';
import { groupOf, type WorkloadKind } from '../api/workload-kinds.ts';
import { type Address, formatAddress } from '../net/address.ts';
import { cniName, fixedAttachmentName, policyName } from './names.ts';
import type { AddressingPlan, ClientsPlan, SubnetPlan } from './network-plan.ts';

export { isEmptySelector } from '../api/selector.ts';
export type { WorkloadKind } from '../api/workload-kinds.ts';

/** The values that all entries of a network share. */
export interface Home {
  readonly name: string;
  readonly namespace: string;
  readonly subnets: readonly SubnetPlan[];
  /** Namespaces with attachments besides the network's own. */
  readonly attachmentNamespaces: readonly string[];
}

export function planClients(client: Client, home: Home): ClientsPlan {
  const { addressing, namespaces, labels, expressions, namespaceSelector, join, dns, guarded, attachment } = client;
  const choice = [join, labels, expressions, namespaces, namespaceSelector, dns, guarded, attachment];
  return {
    ...client,
    policy: policyName(home.name, home.namespace, choice),
    addressing: addressing.type === 'Pool' ? addressing : planFixed(addressing.addresses, namespaces, home),
  };
}

function planFixed(fixed: readonly Address[], scope: Scope, home: Home): AddressingPlan {
  const attachment = fixedAttachmentName(home.name, fixed.map(formatAddress));
  return {
    type: 'Fixed',
    attachment,
    cniName: cniName(home.namespace, attachment),
    addresses: home.subnets.flatMap((subnet) =>
      fixed.filter(({ family }) => family === subnet.family).map((address) => ({ address, subnet })),
    ),
    namespaces: home.attachmentNamespaces.filter((name) => scope.type === 'All' || scope.names.includes(name)),
  };
}

/** The namespaces with an attachment of their own. */
export function attachmentNamespaces(clients: readonly Client[], home: string): readonly string[] {
  const named = namespacesOf(clients.filter(({ attachment }) => attachment === 'PerNamespace'));
  return named.filter((namespace) => namespace !== home);
}

/** Namespaces whose clients get the program that answers inbound connections. */
export function inboundNamespaces(clients: readonly Client[]): readonly string[] {
  return namespacesOf(clients.filter(({ preservesInbound }) => preservesInbound));
}

function namespacesOf(clients: readonly Client[]): readonly string[] {
  const named = clients.flatMap(({ namespaces }) => (namespaces.type === 'Named' ? namespaces.names : []));
  return [...new Set(named)].toSorted();
}

/** Whether an object is of a kind, in any version of its API. */
export function isOfKind(object: { readonly apiVersion: string; readonly kind: string }, kind: WorkloadKind): boolean {
  return kind.kind === object.kind && kind.group === groupOf(object.apiVersion);
}
