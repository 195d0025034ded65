import { fieldsOf } from '../yaml/fields.ts';
import { API_GROUP, NETWORK_LABEL } from '../marks.ts';
import { type Identity, type Item, ItemUnreadable, mentions, valueOf } from '../krm/item.ts';
import type { Problem } from '../krm/problem.ts';
import type { ClientsPlan, NetworkPlan } from '../plan/network-plan.ts';
import { type ForeignPod, type Inner, objectsIn, POD_WORDS, podsIn } from './foreign-pods.ts';
import { requestsNetwork } from './membership.ts';
import { inAnotherList, kindNotKnown, labelsAbove, outsideOfNamespaces } from './missed-pod-problems.ts';
import { fits, inScope, looksAt, mentionsLabels, wantsLabels } from './selector.ts';
import { type Workload } from './workload.ts';

/**
 * Pods that a network would select if their kind were searched. Without a warning their traffic would silently bypass
 * the gateway. Objects without pods are not reported.
 */
export function missedPods(plans: readonly NetworkPlan[], item: Item, identity: Identity): readonly Problem[] {
  const isList = identity.kind.endsWith('List');
  if (identity.apiVersion.startsWith(`${API_GROUP}/`) || !POD_WORDS.some((word) => mentions(item, word))) return [];
  const mayMean = (choice: ClientsPlan) =>
    (isList || (choice.kinds === 'Known' && mayBeInScope(choice, identity))) && mentionsLabels(choice, item);
  const concerned = plans.filter(({ clients }) => clients.some(mayMean));
  if (concerned.length === 0) return [];
  const inners = readObjects(item, identity);
  return concerned.flatMap((plan) => inners.flatMap((inner) => missedBy(plan, item, inner)));
}

/** Unreadable items are reported where they are read. */
function readObjects(item: Item, identity: Identity): readonly Inner[] {
  try {
    return objectsIn(valueOf(item), identity).filter(({ value }) => !isRendered(value));
  } catch (error) {
    if (!(error instanceof ItemUnreadable)) throw error;
    return [];
  }
}

function isRendered(value: Inner['value']): boolean {
  return fieldsOf(fieldsOf(value['metadata'])['labels'])[NETWORK_LABEL] !== undefined;
}

function missedBy(plan: NetworkPlan, item: Item, inner: Inner): readonly Problem[] {
  const { identity, value, place } = inner;
  const pods = podsIn(inner).filter(
    ({ path, annotations }) =>
      !requestsNetwork(annotations, plan, { type: 'Pool' }, identity.namespace) &&
      (place !== '' || !plan.clients.some((choice) => looksAt(choice, identity, path))),
  );
  if (pods.length === 0) return [];
  const choices = plan.clients.filter((choice) => inScope(choice, identity) && isMeant(choice, inner, pods));
  const [choice] = choices.filter((one) => pods.some((pod) => means(one, pod)));
  if (choice !== undefined) {
    const missed = pods.filter((pod) => means(choice, pod));
    const index = plan.clients.indexOf(choice);
    return [place === '' ? kindNotKnown(plan, index, item, inner, missed) : inAnotherList(plan, index, item, inner)];
  }
  const own = fieldsOf(fieldsOf(value['metadata'])['labels']);
  const [above] = choices.filter((one) => wantsLabels(one) && fits(one, own));
  const sure = pods.filter(({ isSure }) => isSure);
  if (above !== undefined && sure.length > 0)
    return [labelsAbove(plan, plan.clients.indexOf(above), item, identity, sure)];
  const placed = plan.clients.find(
    (one) => isPlaced(one, identity) && isMeant(one, inner, pods) && pods.some((pod) => means(one, pod)),
  );
  return placed === undefined ? [] : [outsideOfNamespaces(plan, plan.clients.indexOf(placed), item, identity)];
}

/** Whether a choice selects a pod, as far as its object is in the scope. */
function means(choice: ClientsPlan, { isSure, labels }: ForeignPod): boolean {
  return (isSure || wantsLabels(choice)) && fits(choice, labels);
}

/** Whether an object is in the scope of an entry, or would be if it had a namespace. */
function mayBeInScope(choice: ClientsPlan, identity: Identity): boolean {
  return inScope(identity.namespace === '' ? { ...choice, namespaces: { type: 'All' } } : choice, identity);
}

/** Whether only the missing namespace keeps an object from an entry. An entry with namespaces alone does not count. */
function isPlaced(choice: ClientsPlan, identity: Identity): boolean {
  const isNarrow = choice.names.type === 'Named' || wantsLabels(choice);
  return isNarrow && !inScope(choice, identity) && mayBeInScope(choice, identity);
}

function isMeant(choice: ClientsPlan, { identity, place }: Inner, pods: readonly ForeignPod[]): boolean {
  return choice.kinds === 'Known' || (place !== '' && pods.some(({ path }) => looksAt(choice, identity, path)));
}

/**
 * Explains why a workload of a known kind is not selected although it nearly matches: its pods lack the labels that
 * the object has, or the namespace is missing.
 */
export function nearlySelected(plans: readonly NetworkPlan[], workload: Workload): readonly Problem[] {
  const { item, identity, path, labels, labelsAbove: above, annotations } = workload;
  const place = path.join('.');
  return plans.flatMap((plan) => {
    if (requestsNetwork(annotations, plan, { type: 'Pool' }, identity.namespace)) return [];
    const choices = plan.clients.filter((choice) => looksAt(choice, identity, path));
    const labelled = choices.find(
      (choice) => inScope(choice, identity) && wantsLabels(choice) && above.some((one) => fits(choice, one)),
    );
    if (labelled !== undefined)
      return [labelsAbove(plan, plan.clients.indexOf(labelled), item, identity, [{ place, path }])];
    const placed = choices.find((choice) => isPlaced(choice, identity) && fits(choice, labels));
    return placed === undefined ? [] : [outsideOfNamespaces(plan, plan.clients.indexOf(placed), item, identity)];
  });
}
