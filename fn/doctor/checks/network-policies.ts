import { type Check, type Observed, unknown, warning } from '../check.ts';
import { ofKind } from '../kinds.ts';
import type { Subject } from '../subject.ts';

/** Whether somebody enforces the NetworkPolicies that a network has for its clients. */
export const networkPolicies: Check = {
  name: 'network-policies',
  why: 'a NetworkPolicy that nobody enforces keeps no client from its primary interface',
  anchor: 'nobody-enforces-networkpolicies',
  examine: (subject) =>
    subject.networks
      .filter(({ objects }) => ofKind(objects, 'NetworkPolicy').length > 0)
      .map(({ label }) => ({ ...enforcement(subject), network: label })),
};

function enforcement({ primary, facts }: Subject): Observed {
  const probe = 'only a pod that tries shows whether they are';
  if (primary === undefined) {
    const seen =
      'unseen' in facts.daemonSets
        ? `DaemonSets cannot be seen: ${facts.daemonSets.unseen}`
        : 'the primary CNI is not recognised';
    return unknown(`${seen}: whether NetworkPolicies are enforced is not known, ${probe}`);
  }
  const { name, enforcesPolicies } = primary;
  if (enforcesPolicies === true) return unknown(`${name} enforces NetworkPolicies by its documentation; ${probe}`);
  if (enforcesPolicies === undefined)
    return unknown(`${name} enforces NetworkPolicies in some of its releases; ${probe}`);
  return warning(
    `${name} does not enforce NetworkPolicies`,
    'install a program that does beside it, or take `networkPolicy: Enabled` out of `spec.clients`: the agents hold clients without it',
  );
}
