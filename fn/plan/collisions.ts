import type { Problem } from '../krm/problem.ts';
import type { NetworkPlan } from './network-plan.ts';

/** One name that a network takes where other networks may want it too. */
interface Claim {
  readonly plan: NetworkPlan;
  readonly what: string;
  readonly name: string;
  /** Where the user can choose another. */
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
    else problems.push(collision(claim, first));
  }
  return problems;
}

function claims(plan: NetworkPlan): readonly Claim[] {
  const own = [plan.names.clientAttachment, ...plan.routers.map((router) => router.name)];
  const attachments = [
    ...own.map((name) => ({ namespace: plan.namespace, name })),
    ...plan.attachmentNamespaces.map((namespace) => ({ namespace, name: plan.names.clientAttachment })),
    ...plan.clients.flatMap(({ addressing }) =>
      addressing.type === 'Pool'
        ? []
        : [plan.namespace, ...addressing.namespaces].map((namespace) => ({ namespace, name: addressing.attachment })),
    ),
  ].map(({ namespace, name }) => ({
    plan,
    what: `NetworkAttachmentDefinition of namespace "${namespace}"`,
    name,
    field: 'metadata.name',
  }));
  const bridge = { plan, what: 'interface', name: plan.bridge, field: 'spec.interfaces.bridge' };
  const entry = { plan, what: 'interface', name: plan.entry, field: 'metadata.name' };
  if (plan.overlay.type === 'SingleNode') return [bridge, entry, ...attachments];
  return [
    bridge,
    entry,
    { plan, what: 'interface', name: plan.overlay.device, field: 'spec.interfaces.vxlan' },
    ...attachments,
  ];
}

function collision({ plan, what, name, field }: Claim, first: Claim): Problem {
  return {
    code: 'Collision',
    severity: 'error',
    message: `\`${field}\` must give another name: the ${what} would be named "${name}", as that of GatewayNetwork "${first.plan.label}"`,
    ref: plan.ref,
    ...(plan.file && { file: plan.file }),
    field: { path: field, currentValue: name },
  };
}
