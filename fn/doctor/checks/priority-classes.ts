import type { V1ResourceQuota } from '@kubernetes/client-node';
import { type Check, error, itemsOf, type Observed, ok, unknown, within } from '../check.ts';
import { ofKind } from '../kinds.ts';
import { type Network, podsOf } from '../network.ts';
import type { Subject } from '../subject.ts';

/** Where every cluster admits pods of the classes of the system. */
const SYSTEM_NAMESPACE = 'kube-system';

/** Whether the PriorityClasses of agents and routers are there, and may be used in their namespace. */
export const priorityClasses: Check = {
  name: 'priority-classes',
  why: 'pods of a class that is not there, or that their namespace may not use, are not created',
  anchor: 'a-priorityclass-may-not-be-used',
  examine: (subject) =>
    subject.networks.flatMap((one) => {
      const names = [...new Set(podsOf(one).flatMap(({ priorityClassName }) => priorityClassName ?? []))];
      return names.flatMap((name) => examineClass(name, one, subject)).map((seen) => ({ ...seen, network: one.label }));
    }),
};

function examineClass(
  name: string,
  { id: { namespace } }: Network,
  { facts, objects, platform }: Subject,
): readonly Observed[] {
  return within('PriorityClasses', facts.priorityClasses, (classes) => {
    const isThere = [...classes, ...ofKind(objects, 'PriorityClass')].some(({ metadata }) => metadata?.name === name);
    if (!isThere) return [error(`the PriorityClass ${name} is not there`, 'create it, or name another')];
    if (!name.startsWith('system-') || namespace === SYSTEM_NAMESPACE)
      return [ok(`the PriorityClass ${name} is there`)];
    const quotas = [...itemsOf(facts.quotas), ...ofKind(objects, 'ResourceQuota')];
    if (quotas.some((quota) => quota.metadata?.namespace === namespace && allowsClass(quota, name))) {
      return [ok(`a ResourceQuota of ${namespace} lets pods have the class ${name}`)];
    }
    if ('unseen' in facts.quotas) return [unknown(`ResourceQuotas cannot be seen: ${facts.quotas.unseen}`)];
    const seen = `pods of ${namespace} would have the class ${name}, and no ResourceQuota there names it`;
    const advice = 'create a ResourceQuota that names it, or set no `priorityClassName`';
    return [
      platform === 'GKE'
        ? error(`${seen}, without which GKE refuses them`, advice)
        : unknown(`${seen}: whether this cluster needs one is not told`, advice),
    ];
  });
}

function allowsClass({ spec }: V1ResourceQuota, name: string): boolean {
  const expressions = spec?.scopeSelector?.matchExpressions ?? [];
  return expressions.some(
    ({ scopeName, operator, values = [] }) =>
      scopeName === 'PriorityClass' && (operator === 'Exists' || (operator === 'In' && values.includes(name))),
  );
}
