import type {
  V1MutatingAdmissionPolicy,
  V1MutatingAdmissionPolicyBinding,
  V1Mutation,
  V1Variable,
} from '@kubernetes/client-node';
import { NETWORKS_ANNOTATION } from '../marks.ts';
import { clientDNS } from '../plan/client-dns.ts';
import type { ClientsPlan, NetworkPlan } from '../plan/network-plan.ts';
import { Expression, literal } from './cel.ts';
import { guardPatch, guardVariable } from './admission-guard.ts';
import { notOfTheNetwork, selectedPods } from './admission-match.ts';
import { clusterMetadata } from './metadata.ts';
import { VARIABLES } from './requested-networks.ts';

/** The longest list of networks in which a free interface name is looked for. */
const MOST_NETWORKS = 32;

type Policy = V1MutatingAdmissionPolicy | V1MutatingAdmissionPolicyBinding;

/** What makes pods clients when they are created, for each entry with `join: Admission`. */
export function admissionPolicies(plan: NetworkPlan): readonly Policy[] {
  const choices = plan.clients.filter(({ join }) => join === 'Admission');
  const byName = new Map(choices.map((choice) => [choice.policy, choice]));
  return [...byName.values()].flatMap((choice) => [policy(plan, choice), binding(plan, choice)]);
}

function policy(plan: NetworkPlan, choice: ClientsPlan): V1MutatingAdmissionPolicy {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicy',
    metadata: clusterMetadata(plan, choice.policy),
    spec: {
      matchConstraints: selectedPods(choice, ['CREATE']),
      matchConditions: [
        { name: 'not-on-the-node', expression: '!object.spec.?hostNetwork.orValue(false)' },
        notOfTheNetwork(plan),
      ],
      // It calls nothing that could be down: only a pod whose annotation cannot be evaluated is refused.
      failurePolicy: 'Fail',
      reinvocationPolicy: 'IfNeeded',
      variables: [...VARIABLES, ...joining(plan, choice), ...(choice.guarded ? [guardVariable(plan, 'Same')] : [])],
      mutations: [
        jsonPatch(NETWORKS_PATCH),
        ...(choice.guarded ? [jsonPatch(guardPatch(plan))] : []),
        ...(choice.dns === 'Gateway' ? [jsonPatch(dnsPatch(plan))] : []),
      ],
    },
  };
}

function jsonPatch(expression: string): V1Mutation {
  return { patchType: 'JSONPatch', jsonPatch: { expression } };
}

function binding(plan: NetworkPlan, { policy: name }: ClientsPlan): V1MutatingAdmissionPolicyBinding {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicyBinding',
    metadata: clusterMetadata(plan, name),
    spec: { policyName: name },
  };
}

/** The variables that hold the annotation with the network in it. */
function joining({ namespace, names: { clientAttachment: name } }: NetworkPlan, choice: ClientsPlan): V1Variable[] {
  const numbers = Array.from({ length: MOST_NETWORKS }, (_, index) => index + 1).join(', ');
  return [
    { name: 'home', expression: choice.attachment === 'PerNamespace' ? 'request.namespace' : `"${namespace}"` },
    { name: 'isClient', expression: `(variables.home + "/${name}") in variables.references` },
    {
      name: 'interfaces',
      expression: 'variables.requests.map(r, r.split("@")).filter(r, r.size() > 1).map(r, r[1])',
    },
    // The first name that no entry asks for, from the one on that Multus would give.
    {
      name: 'interface',
      expression: `[${numbers}]
  .filter(i, i > variables.requests.size()).map(i, "net" + string(i)).filter(i, !(i in variables.interfaces))[0]`,
    },
    { name: 'isNumbered', expression: 'variables.interface == "net" + string(variables.requests.size() + 1)' },
    {
      name: 'joined',
      expression: `variables.isList
  ? variables.networks.substring(0, variables.networks.lastIndexOf("]")).trim() +
    (variables.requests.size() == 0 ? "" : ",") +
    '{"name":"${name}","namespace":"' + variables.home + '"' +
    (variables.isNumbered ? "" : ',"interface":"' + variables.interface + '"') + "}]"
  : (variables.networks == "" ? "" : variables.networks + ", ") +
    variables.home + "/${name}" + (variables.isNumbered ? "" : "@" + variables.interface)`,
    },
  ];
}

/** Nothing where the network is requested, or Multus could not read the annotation either. */
const NETWORKS_PATCH = `variables.isClient ||
  (variables.isList && !(variables.networks.startsWith("[") && variables.networks.endsWith("]")))
? []
: has(object.metadata.annotations)
? [JSONPatch{op: "add", path: "/metadata/annotations/${NETWORKS_ANNOTATION.replace('/', '~1')}", value: variables.joined}]
: [JSONPatch{op: "add", path: "/metadata/annotations", value: {"${NETWORKS_ANNOTATION}": variables.joined}}]`;

/** What the network says takes the place of what the pod says: nobody could be told of a conflict. */
function dnsPatch(plan: NetworkPlan): string {
  const dns = clientDNS(plan, (services) => new Expression(`request.namespace + ".${services}"`));
  return `[JSONPatch{op: "add", path: "/spec/dnsPolicy", value: "None"},
 JSONPatch{op: "add", path: "/spec/dnsConfig", value: ${literal('Object.spec.dnsConfig', dns)}}]`;
}
