import { NETWORKS_ANNOTATION } from '../marks.ts';
import type { Identity, Item } from '../krm/item.ts';
import type { Problem } from '../krm/problem.ts';
import { meantWorkload } from '../api/workload-kinds.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { objectProblem } from './client-problems.ts';
import type { ForeignPod, Inner } from './foreign-pods.ts';
import { formatShort, referenceTo } from './networks-annotation.ts';
import type { Workload } from './workload.ts';

/** An entry selects pods of a kind that is not searched. */
export function kindNotKnown(
  plan: NetworkPlan,
  index: number,
  item: Item,
  { identity }: Inner,
  pods: readonly ForeignPod[],
): Problem {
  const { apiVersion, kind, namespace } = identity;
  const meant = meantWorkload(identity);
  if (meant !== undefined) return misspelt(plan, index, item, identity, meant);
  const network = formatShort(referenceTo(plan, { type: 'Pool' }, namespace), undefined);
  const places = pods.map(({ place }) => `\`${place || 'metadata'}\``).join(' and ');
  const templates = pods.map(({ place }) => `{apiVersion: ${apiVersion}, kind: ${kind}, templatePath: ${place}}`);
  const remedy = pods.every(({ isInList, annotationsAt, place }) => !isInList && annotationsAt.startsWith(`${place}.m`))
    ? `add an entry with \`workloads: [${templates.join(', ')}]\``
    : `add \`${NETWORKS_ANNOTATION}: ${network}\` to ${pods.map(({ annotationsAt }) => `\`${annotationsAt}\``).join(' and ')}`;
  return warning(
    item,
    identity,
    `${entryOf(plan, index)} selects its pods (${places}), but kind ${kind} of ${apiVersion} is not searched for pods, so their traffic bypasses the gateway: ${remedy}`,
    { path: pods[0]?.place || 'metadata' },
  );
}

/** Its kind is meant for one that is looked at. kubectl would refuse it. */
function misspelt(
  plan: NetworkPlan,
  index: number,
  item: Item,
  identity: Identity,
  meant: Pick<Identity, 'apiVersion' | 'kind'>,
): Problem {
  const { apiVersion, kind } = identity;
  const wrong = (['apiVersion', 'kind'] as const).filter((key) => meant[key] !== identity[key]);
  const remedy = wrong.map((key) => `\`${key}: ${meant[key]}\``).join(' and ');
  return warning(
    item,
    identity,
    `${entryOf(plan, index)} selects its pods, but Kubernetes has no kind ${kind} in ${apiVersion}, so it is not searched for pods: write ${remedy}`,
    { path: wrong[0] ?? '' },
  );
}

/** The object is in a list whose items are not read. */
export function inAnotherList(plan: NetworkPlan, index: number, item: Item, { identity, place }: Inner): Problem {
  return warning(
    item,
    identity,
    `${entryOf(plan, index)} selects its pods, but only \`v1\` Lists are searched, so their traffic bypasses the gateway: ` +
      `write it as a separate document, or make the list a \`v1\` List (\`apiVersion: v1\`, \`kind: List\`)`,
    { path: place },
  );
}

/** The object has the labels that an entry requires, but its pods do not. */
export function labelsAbove(
  plan: NetworkPlan,
  index: number,
  item: Item,
  identity: Identity,
  pods: readonly Pick<ForeignPod, 'place' | 'path'>[],
): Problem {
  const fields = pods.map(({ place }) => `${place}${place && '.'}metadata.labels`);
  return warning(
    item,
    identity,
    `${entryOf(plan, index)} requires labels that this object has but its pods do not, so their traffic bypasses the gateway: ` +
      `add them to ${fields.map((field) => `\`${field}\``).join(' and ')} as well`,
    { path: fields[0] ?? '' },
  );
}

/** The object has no namespace, and the entry requires one. */
export function outsideOfNamespaces(plan: NetworkPlan, index: number, item: Item, identity: Identity): Problem {
  const { namespaces } = plan.clients[index] ?? {};
  const names = namespaces?.type === 'Named' ? namespaces.names.map((name) => JSON.stringify(name)).join(' or ') : '';
  return warning(
    item,
    identity,
    `${entryOf(plan, index)} selects namespace ${names}, but this object has no namespace, so it is not selected: set \`metadata.namespace\``,
    { path: 'metadata.namespace' },
  );
}

/** An entry that lists no kinds selects a HelmRelease, whose pods are in its chart. */
export function releaseNotListed(plan: NetworkPlan, index: number, { item, identity }: Workload): Problem {
  return warning(
    item,
    identity,
    `${entryOf(plan, index)} may mean the pods of its chart, which are not in the input, so their traffic bypasses the gateway: ` +
      `add an entry with \`workloads: [{kind: HelmRelease}]\``,
    { path: 'spec.postRenderers' },
  );
}

function entryOf(plan: NetworkPlan, index: number): string {
  return `\`spec.clients[${index}]\` of GatewayNetwork "${plan.label}"`;
}

function warning(item: Item, identity: Identity, message: string, field: NonNullable<Problem['field']>): Problem {
  return { ...objectProblem(item, identity, message), code: 'NoClient', severity: 'warning', field };
}
