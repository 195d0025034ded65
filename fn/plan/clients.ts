import type { Client, LabelSelector } from '../api/generated/gateway-network.ts';
import { groupOf, KNOWN_WORKLOADS, knownWorkload, type WorkloadKind } from '../api/workload-kinds.ts';
import { formatAddress, parseAddress } from '../net/address.ts';
import { containsAddress, parseCidr } from '../net/cidr.ts';
import { cniName, fixedAttachmentName } from './names.ts';
import type { AddressingPlan, ClientsPlan, LabelExpression, Scope, SubnetPlan } from './network-plan.ts';

export type { WorkloadKind } from '../api/workload-kinds.ts';

/** What the entries of a network share. */
export interface Home {
  readonly name: string;
  readonly namespace: string;
  readonly subnets: readonly SubnetPlan[];
  /** Namespaces with attachments besides the network's own. */
  readonly attachmentNamespaces: readonly string[];
}

export function planClients(client: Client, home: Home): ClientsPlan {
  const { selector, names, namespaces, workloads, dns, preserveInbound, addresses } = client;
  return {
    labels: selector?.matchLabels ?? {},
    expressions: labelExpressions(selector),
    names: scope(names),
    namespaces: scope(namespaces),
    workloads: workloads?.map(planWorkload) ?? KNOWN_WORKLOADS,
    kinds: workloads === undefined ? 'Known' : 'Listed',
    dns: dns ?? 'Cluster',
    preservesInbound: preserveInbound === 'Enabled',
    addressing: addresses === undefined ? { type: 'Pool' } : planFixed(addresses, namespaces, home),
  };
}

/** The addresses are valid: each lies in another subnet. */
function planFixed(texts: readonly string[], scoped: readonly string[] | undefined, home: Home): AddressingPlan {
  const parsed = texts.map(parseAddress).filter((address) => address !== undefined);
  const addresses = home.subnets.flatMap(({ cidr: text, prefixLength }) => {
    const cidr = parseCidr(text);
    const inside = cidr === undefined ? [] : parsed.filter((address) => containsAddress(cidr, address));
    return inside.map((address) => ({ address: formatAddress(address), prefixLength }));
  });
  const attachment = fixedAttachmentName(
    home.name,
    addresses.map(({ address }) => address),
  );
  return {
    type: 'Fixed',
    attachment,
    cniName: cniName(home.namespace, attachment),
    addresses,
    namespaces: home.attachmentNamespaces.filter((namespace) => scoped?.includes(namespace) ?? true),
  };
}

export function labelExpressions(selector: LabelSelector | undefined): readonly LabelExpression[] {
  return (selector?.matchExpressions ?? []).map(({ key, operator, values }) => ({
    key,
    operator,
    values: values ?? [],
  }));
}

/** Namespaces that get an attachment of their own. */
export function attachmentNamespaces(clients: readonly Client[], home: string): readonly string[] {
  const named = clients.flatMap(({ attachment, namespaces }) =>
    attachment === 'PerNamespace' ? (namespaces ?? []) : [],
  );
  return [...new Set(named)].filter((namespace) => namespace !== home).toSorted();
}

/** Namespaces whose clients get the program that answers inbound connections. */
export function inboundNamespaces(clients: readonly Client[]): readonly string[] {
  const named = clients.flatMap(({ preserveInbound, namespaces }) =>
    preserveInbound === 'Enabled' ? (namespaces ?? []) : [],
  );
  return [...new Set(named)].toSorted();
}

function scope(names: readonly string[] | undefined): Scope {
  return names === undefined ? { type: 'All' } : { type: 'Named', names };
}

function planWorkload({ apiVersion, kind, templatePath = '' }: NonNullable<Client['workloads']>[number]): WorkloadKind {
  return knownWorkload(kind, apiVersion) ?? { group: groupOf(apiVersion ?? ''), kind, path: templatePath.split('.') };
}

/** Whether an object is of a kind, in any version of its API. */
export function isOfKind(object: { readonly apiVersion: string; readonly kind: string }, kind: WorkloadKind): boolean {
  return kind.kind === object.kind && kind.group === groupOf(object.apiVersion);
}
