import type { Problem } from '../krm/problem.ts';
import { containsCidr, overlaps, parseCidr } from '../net/cidr.ts';
import type { NetworkPlan } from './network-plan.ts';

/** Networks that a field names as if the gateway led to them. */
interface Naming {
  readonly path: string;
  readonly networks: NetworkPlan['clusterCidrs'];
}

/**
 * What the gateway has no say about, although its fields name it: networks that stay in the cluster, which clients reach by their
 * primary network and routers forward nobody to, and networks of a family that does not leave.
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
  const networks = egress.networks.map((cidr) => ({ family: parseCidr(cidr)?.family ?? 'IPv4', cidr }) as const);
  return [{ path: 'spec.gateway.egress.network.addresses', networks }, ...lists];
}

function clusterAdvice(plan: NetworkPlan, { path, networks }: Naming): readonly Problem[] {
  const around = networks.filter(({ cidr }) => plan.clusterCidrs.some((other) => isKept(path, cidr, other.cidr)));
  if (around.length === 0) return [];
  const named = around.map(({ cidr }) => cidr).join(', ');
  return [
    advice(
      plan,
      path,
      `the gateway has no say about ${named} (\`${path}\`): that stays in the cluster, so clients send to it by their primary network. ` +
        'To have it behind the gateway, name the networks of pods, Services and nodes in `spec.cluster.cidrs`, and no more than those',
    ),
  ];
}

/** Of a list, what is wholly in the cluster; of the egress, whatever is. */
function isKept(path: string, named: string, cluster: string): boolean {
  const [inner, outer] = [parseCidr(named), parseCidr(cluster)];
  if (inner === undefined || outer === undefined) return false;
  return path.endsWith('.cidrs') ? containsCidr(outer, inner) : overlaps(outer, inner);
}

function familyAdvice(plan: NetworkPlan, { path, networks }: Naming): readonly Problem[] {
  const absent = networks.filter(({ family }) => plan.subnets.every((subnet) => subnet.family !== family));
  const [first] = absent;
  if (first === undefined) return [];
  const named = absent.map(({ cidr }) => cidr).join(', ');
  return [
    advice(
      plan,
      path,
      `${named} in \`${path}\` has no effect: the network has no ${first.family} subnet, so ${first.family} does not leave by the gateway`,
    ),
  ];
}

function advice({ ref, file }: NetworkPlan, path: string, message: string): Problem {
  return { code: 'Advice', severity: 'warning', message, ref, ...(file && { file }), field: { path } };
}
