import type { Problem } from '../krm/problem.ts';
import type { NetworkPlan } from './network-plan.ts';

/** A name that a network uses, and that other networks may use too. */
interface Claim {
  readonly plan: NetworkPlan;
  readonly what: string;
  readonly name: string;
  /** The field in which the user can change the name. */
  readonly field: string;
}

/** Derived names that more than one network takes: interfaces on the nodes, and objects of one namespace. */
export function findCollisions(plans: readonly NetworkPlan[]): readonly Problem[] {
  const byKey = new Map<string, Claim>();
  const problems: Problem[] = [];
  for (const claim of plans.flatMap(claims)) {
    const key = `${claim.what} ${claim.name}`;
    const first = byKey.get(key);
    if (first === undefined) byKey.set(key, claim);
    // A duplicate network has an error of its own.
    else if (first.plan === claim.plan || first.plan.label !== claim.plan.label) problems.push(collision(claim, first));
  }
  return problems;
}

function claims(plan: NetworkPlan): readonly Claim[] {
  return [...interfaces(plan), ...attachments(plan), ...programs(plan), ...links(plan)];
}

function interfaces(plan: NetworkPlan): readonly Claim[] {
  const what = 'interface';
  const own = [
    { plan, what, name: plan.bridge, field: 'spec.interfaces.bridge' },
    { plan, what, name: plan.entry, field: 'metadata.name' },
    { plan, what: 'group of interfaces', name: String(plan.portGroup), field: 'metadata.name' },
  ];
  if (plan.overlay.type === 'SingleNode') return own;
  return [...own, { plan, what, name: plan.overlay.device, field: 'spec.interfaces.vxlan' }];
}

function attachments(plan: NetworkPlan): readonly Claim[] {
  const own = [plan.names.clientAttachment, ...plan.routers.map((router) => router.name)];
  return [
    ...own.map((name) => ({ namespace: plan.namespace, name })),
    ...plan.attachmentNamespaces.map((namespace) => ({ namespace, name: plan.names.clientAttachment })),
    ...plan.clients.flatMap(({ addressing }) =>
      addressing.type === 'Pool'
        ? []
        : [plan.namespace, ...addressing.namespaces].map((namespace) => ({ namespace, name: addressing.attachment })),
    ),
  ].map(({ namespace, name }) => inNamespace(plan, 'NetworkAttachmentDefinition', namespace, name));
}

/** The program of clients that answer inbound connections, in namespaces that networks share. */
function programs(plan: NetworkPlan): readonly Claim[] {
  return plan.primary.inboundNamespaces.map((namespace) =>
    inNamespace(plan, 'ConfigMap', namespace, plan.names.inbound),
  );
}

/** Links are cluster-scoped: their names contain the namespace. */
function links(plan: NetworkPlan): readonly Claim[] {
  if (plan.agent.type !== 'NodeNetworkOperator') return [];
  return [{ plan, what: 'Link', name: plan.names.links.bridge, field: 'metadata.name' }];
}

function inNamespace(plan: NetworkPlan, kind: string, namespace: string, name: string): Claim {
  return { plan, what: `${kind} of namespace "${namespace}"`, name, field: 'metadata.name' };
}

function collision({ plan, what, name, field }: Claim, first: Claim): Problem {
  return {
    code: 'Collision',
    severity: 'error',
    message: `\`${field}\` must give another name: the ${what} would be named "${name}", like that of GatewayNetwork "${first.plan.label}"`,
    ref: plan.ref,
    ...(plan.file && { file: plan.file }),
    field: { path: field, currentValue: name },
  };
}
