import type {
  V1MatchCondition,
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
  V1ValidatingAdmissionPolicySpec,
  V1Validation,
} from '@kubernetes/client-node';
import { NETWORKS_ANNOTATION } from '../marks.ts';
import { GUARD } from '../plan/guard.ts';
import type { ClientsPlan, NetworkPlan } from '../plan/network-plan.ts';
import { guardVariable } from './admission-guard.ts';
import { notOfTheNetwork, pods, selectedPods } from './admission-match.ts';
import { clusterMetadata } from './metadata.ts';
import { annotationOf, referencesOf, requestsOf, VARIABLES } from './requested-networks.ts';

type Policy = V1ValidatingAdmissionPolicy | V1ValidatingAdmissionPolicyBinding;

/** By which Multus gives a pod another network in the place of the cluster's, in any namespace. */
const DEFAULT_NETWORK_ANNOTATION = 'v1.multus-cni.io/default-network';

/** What refuses pods that would leave around the gateway, or take what is another's on the network. */
export function admissionChecks(plan: NetworkPlan): readonly Policy[] {
  if (!plan.isChecked) return [];
  const byName = new Map(plan.clients.filter(isSeenByPods).map((choice) => [choice.policy, choice]));
  return [
    ...[...byName.values()].flatMap((choice) => check(plan, choice.policy, selectedCheck(plan, choice))),
    ...check(plan, plan.names.policy, networkCheck(plan)),
  ];
}

/** Whether a pod alone shows that an entry selects it. */
function isSeenByPods({ join, names, kinds }: ClientsPlan): boolean {
  return join === 'Admission' || (names.type === 'All' && kinds === 'Known');
}

/** A policy that refuses, and also what it cannot evaluate: nothing that it calls could be down. */
function check(
  plan: NetworkPlan,
  name: string,
  spec: Omit<V1ValidatingAdmissionPolicySpec, 'failurePolicy'>,
): readonly Policy[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const metadata = clusterMetadata(plan, name);
  return [
    { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata, spec: { failurePolicy: 'Fail', ...spec } },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: name, validationActions: ['Deny'] },
    },
  ];
}

/** The check of pods that an entry selects. */
function selectedCheck(plan: NetworkPlan, choice: ClientsPlan): Omit<V1ValidatingAdmissionPolicySpec, 'failurePolicy'> {
  return {
    matchConstraints: selectedPods(choice, ['CREATE', 'UPDATE']),
    matchConditions: [notOfTheNetwork(plan), CHANGED],
    variables: [...VARIABLES, ...(choice.guarded ? [guardVariable(plan, 'OfAnyRelease')] : [])],
    validations: [
      {
        expression: '!object.spec.?hostNetwork.orValue(false)',
        message: `${chosen(plan)}, and a pod on the node's network cannot use it: remove hostNetwork, or choose fewer pods`,
      },
      {
        expression: `variables.references.exists(r, r in ${references(plan, clientAttachments(plan))})`,
        message: `${chosen(plan)}, but it does not request the network: add ${plan.namespace}/${plan.names.clientAttachment} to the annotation ${NETWORKS_ANNOTATION}`,
      },
      {
        expression: `${annotationOf('object', DEFAULT_NETWORK_ANNOTATION)} == ""`,
        message: `${chosen(plan)}, and a default network of its own would be a way around it: remove the annotation ${DEFAULT_NETWORK_ANNOTATION}`,
      },
      READABLE,
      ...(choice.guarded ? [guarded(plan)] : []),
    ],
  };
}

function guarded(plan: NetworkPlan): V1Validation {
  return {
    expression: 'variables.isGuarded',
    message: `${chosen(plan)}, but its first init container is not the guard ${GUARD}, as the function writes it for this network: render its workload again, or select it by an entry with join: Admission, which adds the guard`,
  };
}

/** The check of what any pod asks for. */
function networkCheck(plan: NetworkPlan): Omit<V1ValidatingAdmissionPolicySpec, 'failurePolicy'> {
  const { namespace, names, label } = plan;
  const routers = plan.routers.map(({ name }) => name);
  const ours = [...clientAttachments(plan), ...routers];
  const named = ours.map((name) => name.replaceAll('.', String.raw`\.`)).join('|');
  return {
    matchConstraints: pods(['CREATE', 'UPDATE']),
    matchConditions: [CHANGED, ASKING],
    variables: [
      ...VARIABLES,
      // Entries with members that Multus gives to the plugins of the network, in any spelling that Go reads as theirs.
      {
        name: 'overriding',
        expression: referencesOf(
          requestsOf(`variables.entries.filter(e, e.exists(m, m.matches('(?i)^"(cni-args|ips|mac)":')))`),
        ),
      },
    ],
    validations: [
      READABLE,
      {
        expression: `!variables.overriding.exists(r, r in ${references(plan, ours)})`,
        message: `a pod has the addresses that GatewayNetwork ${label} gives it: remove cni-args, ips and mac from its entry in the annotation ${NETWORKS_ANNOTATION}`,
      },
      {
        expression: `!variables.references.exists(r, r in ${references(plan, routers)}) ||
  (request.namespace == "${namespace}" && object.spec.?serviceAccountName.orValue("") == "${names.router}")`,
        message: `the annotation ${NETWORKS_ANNOTATION} requests the attachment of a router of GatewayNetwork ${label}, which is for that router alone: request ${namespace}/${names.clientAttachment}`,
      },
      {
        expression: String.raw`!${annotationOf('object', DEFAULT_NETWORK_ANNOTATION)}.matches(r'\\|(^|[^-a-z0-9])(${named})([^-a-z0-9]|$)')`,
        message: `GatewayNetwork ${label} cannot be the default network of a pod: remove the annotation ${DEFAULT_NETWORK_ANNOTATION}`,
      },
    ],
  };
}

/** Pods that are created, or of which an update changes what is checked. Others may stay as they are. */
const CHANGED: V1MatchCondition = {
  name: 'changed',
  expression: `request.operation == "CREATE" || ${[NETWORKS_ANNOTATION, DEFAULT_NETWORK_ANNOTATION]
    .map((key) => `${annotationOf('object', key)} != ${annotationOf('oldObject', key)}`)
    .join(' || ')} || object.spec.?initContainers.orValue([]) != oldObject.spec.?initContainers.orValue([])`,
};

const ASKING: V1MatchCondition = {
  name: 'asking',
  expression: `(${annotationOf('object')} + ${annotationOf('object', DEFAULT_NETWORK_ANNOTATION)}) != ""`,
};

/**
 * What was read is all that there is: the same text comes out of its parts. No escape hides a word, and no key counts
 * twice, or counts for Multus only, since Go reads keys in any case.
 */
const READABLE: V1Validation = {
  expression: String.raw`!variables.isList || (
  !variables.networks.contains("\\") &&
  variables.list == "[" + variables.entries.map(e, "{" + e.join(",") + "}").join(",") + "]" &&
  variables.entries.all(e, ["name", "namespace", "interface"].all(k,
    e.filter(m, m.matches('(?i)^"' + k + '":')).all(m, m.startsWith('"' + k + '":"')) &&
    e.filter(m, m.matches('(?i)^"' + k + '":')).size() <= 1)))`,
  message: `the annotation ${NETWORKS_ANNOTATION} cannot be checked: write a list of objects, with each key once and in lower case, and without backslashes`,
};

function chosen({ label }: NetworkPlan): string {
  return `GatewayNetwork ${label} chooses this pod`;
}

/** Attachments as pods may refer to them, as a list in CEL. */
function references({ namespace, attachmentNamespaces }: NetworkPlan, names: readonly string[]): string {
  const homes = [namespace, ...attachmentNamespaces];
  return `[${homes.flatMap((home) => names.map((name) => `"${home}/${name}"`)).join(', ')}]`;
}

/** The names of the attachments that clients request. */
function clientAttachments({ clients, names }: NetworkPlan): readonly string[] {
  const fixed = clients.flatMap(({ addressing }) => (addressing.type === 'Fixed' ? [addressing.attachment] : []));
  return [...new Set([names.clientAttachment, ...fixed])];
}
