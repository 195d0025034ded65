import type { Problem } from '../krm/problem.ts';
import { type Cidr, containsCidr, formatCidr, overlaps } from '../net/cidr.ts';
import type { NetworkPlan } from './network-plan.ts';

/** CIDRs in a field of the gateway. */
interface Naming {
  readonly path: string;
  readonly networks: readonly Cidr[];
}

/**
 * CIDRs in fields of the gateway that have no effect: networks of the cluster, which clients reach through their
 * primary network and routers do not forward to, and networks of a family without a subnet.
 */
export function noEffectAdvice(plan: NetworkPlan): readonly Problem[] {
  return namings(plan).flatMap((naming) => [...clusterAdvice(plan, naming), ...familyAdvice(plan, naming)]);
}

function namings({ egress, firewall }: NetworkPlan): readonly Naming[] {
  const lists = (['allow', 'deny'] as const).flatMap((list) =>
    firewall[list].map(({ cidrs }, index) => ({
      path: `spec.gateway.firewall.${list}[${index}].cidrs`,
      networks: cidrs,
    })),
  );
  if (egress.type !== 'Network') return lists;
  return [{ path: 'spec.gateway.egress.network.addresses', networks: egress.networks }, ...lists];
}

function clusterAdvice(plan: NetworkPlan, { path, networks }: Naming): readonly Problem[] {
  const around = networks.filter((named) => plan.clusterCidrs.some((cluster) => isKept(path, named, cluster)));
  if (around.length === 0) return [];
  const texts = around.map(formatCidr).join(', ');
  return [
    advice(
      plan,
      path,
      `\`${path}\` has no effect on ${texts}: that is part of the cluster, so clients reach it through their primary network. ` +
        'To reach it through the gateway, list only the networks of pods, Services and nodes in `spec.cluster.cidrs`',
    ),
  ];
}

/** For a firewall list, CIDRs that are entirely in the cluster; for the egress, also those that overlap it. */
function isKept(path: string, named: Cidr, cluster: Cidr): boolean {
  return path.endsWith('.cidrs') ? containsCidr(cluster, named) : overlaps(cluster, named);
}

function familyAdvice(plan: NetworkPlan, { path, networks }: Naming): readonly Problem[] {
  const absent = networks.filter(({ family }) => plan.subnets.every((subnet) => subnet.family !== family));
  const [first] = absent;
  if (first === undefined) return [];
  const named = absent.map(formatCidr).join(', ');
  return [
    advice(
      plan,
      path,
      `${named} in \`${path}\` has no effect: the network has no ${first.family} subnet, so ${first.family} does not leave through the gateway`,
    ),
  ];
}

function advice({ ref, file }: NetworkPlan, path: string, message: string): Problem {
  return { code: 'Advice', severity: 'warning', message, ref, ...(file && { file }), field: { path } };
}
