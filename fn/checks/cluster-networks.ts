import { isFields } from '../yaml/fields.ts';
import type { Input } from '../krm/input.ts';
import { identityOf, type Item, ItemUnreadable, mentions, valueOf } from '../krm/item.ts';
import { groupOf } from '../api/workload-kinds.ts';
import type { Problem } from '../krm/problem.ts';
import { ADDRESS_BITS, parseAddress } from '../net/address.ts';
import { type Cidr, containsCidr, formatCidr, overlaps, parseCidr } from '../net/cidr.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';

/** The fields that contain networks of Services or pods: addresses, CIDRs, or a comma-separated list of them. */
const SOURCES: readonly { readonly group: string; readonly kind: string; readonly fields: readonly string[] }[] = [
  { group: '', kind: 'Service', fields: ['spec.clusterIP', 'spec.clusterIPs'] },
  { group: 'networking.k8s.io', kind: 'ServiceCIDR', fields: ['spec.cidrs'] },
  { group: '', kind: 'Node', fields: ['spec.podCIDR', 'spec.podCIDRs'] },
  {
    group: 'kubeadm.k8s.io',
    kind: 'ClusterConfiguration',
    fields: ['networking.serviceSubnet', 'networking.podSubnet'],
  },
];

/** A network of the cluster, and the object that it is known from. */
interface ClusterNetwork {
  readonly cidr: Cidr;
  readonly text: string;
  readonly field: string;
  readonly whose: string;
}

/**
 * Networks of the cluster, known from objects of the input, that clients would look for behind the
 * gateway, or in the network itself.
 */
export function checkClusterNetworks(input: Input, plans: readonly NetworkPlan[]): readonly Problem[] {
  if (plans.length === 0) return [];
  const clusterNetworks = input.items.flatMap(networksIn);
  // One problem for each network is enough.
  return plans.flatMap((plan) => clusterNetworks.flatMap((one) => faultOf(plan, one) ?? []).slice(0, 1));
}

function networksIn(item: Item): readonly ClusterNetwork[] {
  const identity = identityOf(item);
  if (identity === undefined) return [];
  const source = SOURCES.find(({ group, kind }) => kind === identity.kind && group === groupOf(identity.apiVersion));
  if (source === undefined) return [];
  const fields = source.fields.filter((field) => mentions(item, field.slice(field.lastIndexOf('.') + 1)));
  if (fields.length === 0) return [];
  const { kind, namespace, name } = identity;
  const full = namespace === '' ? name : `${namespace}/${name}`;
  const whose = full === '' ? kind : `${kind} "${full}"`;
  return fields.flatMap((field) =>
    textsAt(item, field).flatMap((text) => {
      const cidr = networkOf(text);
      return cidr === undefined ? [] : [{ cidr, text, field, whose }];
    }),
  );
}

/** Unreadable items have a problem of their own where it matters. */
function textsAt(item: Item, field: string): readonly string[] {
  try {
    const value = field
      .split('.')
      .reduce<unknown>((parent, key) => (isFields(parent) ? parent[key] : undefined), valueOf(item));
    return [value].flat().flatMap((text) => (typeof text === 'string' ? text.split(',') : []));
  } catch (error) {
    if (error instanceof ItemUnreadable) return [];
    throw error;
  }
}

/** A network, or a single address as one. */
function networkOf(text: string): Cidr | undefined {
  const address = parseAddress(text.trim());
  if (address === undefined) return parseCidr(text.trim());
  return { family: address.family, base: address.value, length: ADDRESS_BITS[address.family] };
}

function faultOf(plan: NetworkPlan, { cidr, text, field, whose }: ClusterNetwork): Problem | undefined {
  const source = `${whose} has ${JSON.stringify(text)} in \`${field}\``;
  const subnet = plan.subnets.find((one) => overlaps(one.cidr, cidr));
  if (subnet !== undefined) {
    const message = `\`spec.subnets\` must not overlap a network of the cluster: ${source}, and the network has "${formatCidr(subnet.cidr)}"`;
    return problem(plan, 'Overlap', 'spec.subnets', message);
  }
  if (isKept(plan, cidr)) return undefined;
  const message =
    `\`spec.cluster.cidrs\` must contain the networks of the cluster's pods and Services: ${source}, ` +
    `which clients would send to the gateway; add the whole network, for example that of \`--service-cluster-ip-range\``;
  return problem(plan, 'InvalidSubnet', 'spec.cluster.cidrs', message);
}

/** A family without a route into the network is not affected. */
function isKept({ clusterCidrs, clientRoutes }: NetworkPlan, cidr: Cidr): boolean {
  if (clusterCidrs.some((outer) => containsCidr(outer, cidr))) return true;
  return !clientRoutes.some(({ destination }) => overlaps(destination, cidr));
}

function problem({ ref, file }: NetworkPlan, code: Problem['code'], path: string, message: string): Problem {
  return { code, severity: 'error', message, ref, ...(file && { file }), field: { path } };
}
