import type { V1RoleBinding } from '@kubernetes/client-node';
import { type Check, error, itemsOf, type Observed, ok, unknown } from '../check.ts';
import { namespaceOf } from '../namespaces.ts';
import { ofKind } from '../kinds.ts';
import { type Network, podsOf } from '../network.ts';
import type { Subject } from '../subject.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
/** How OpenShift binds its security context constraints to accounts. */
const PRIVILEGED_SCC = 'system:openshift:scc:privileged';
/** Whose pods Talos exempts from the level that it sets for the cluster. */
const EXEMPT = 'kube-system';

/** Whether agents and routers are let into the namespace of their network. */
export const privileged: Check = {
  name: 'privileged',
  why: 'agents are on the host network and, as routers are, root with NET_ADMIN: else none of their pods is created',
  anchor: 'the-namespace-does-not-allow-privileged-pods',
  examine: (subject) =>
    subject.networks.flatMap((one) =>
      [...levelOf(one, subject), ...constraintsOf(one, subject)].map((seen) => ({ ...seen, network: one.label })),
    ),
};

function levelOf({ id: { namespace } }: Network, subject: Subject): readonly Observed[] {
  const { facts, platform } = subject;
  if (namespace === '') return [unknown('the network names no namespace: it will be that of whoever applies it')];
  const found = namespaceOf(subject, namespace);
  const advice = `kubectl label namespace ${namespace} ${ENFORCE}=privileged, or the same in its manifest`;
  if (found === undefined) {
    if ('unseen' in facts.namespaces) return [unknown(`namespaces cannot be seen: ${facts.namespaces.unseen}`)];
    return [
      error(
        `the namespace ${namespace} is neither in the cluster nor in the input`,
        `create it, with the label ${ENFORCE}: privileged`,
      ),
    ];
  }
  const level = found.labels[ENFORCE];
  if (level === 'privileged') return [ok(`the namespace ${namespace} allows privileged pods`)];
  if (level !== undefined) return [error(`the namespace ${namespace} has ${ENFORCE}=${level}`, advice)];
  if (platform === 'Talos' && namespace !== EXEMPT) {
    return [error(`the namespace ${namespace} has no label ${ENFORCE}, and Talos takes baseline then`, advice)];
  }
  return [
    unknown(
      `the namespace ${namespace} has no label ${ENFORCE}: which level the API server takes then is not told`,
      advice,
    ),
  ];
}

/** Besides, OpenShift admits only what the constraints of an account allow. */
function constraintsOf(network: Network, { facts, objects, platform }: Subject): readonly Observed[] {
  if (platform !== 'OpenShift') return [];
  const { namespace } = network.id;
  const accounts = podsOf(network).map(({ serviceAccountName = 'default' }) => serviceAccountName);
  const bindings = [...itemsOf(facts.roleBindings), ...ofKind(objects, 'RoleBinding')].filter(
    ({ metadata, roleRef }) => metadata?.namespace === namespace && roleRef.name === PRIVILEGED_SCC,
  );
  const lacking = [...new Set(accounts)].filter((account) => !bindings.some((one) => binds(one, namespace, account)));
  if (lacking.length === 0) return [ok('its accounts may use the security context constraint privileged')];
  if ('unseen' in facts.roleBindings) return [unknown(`RoleBindings cannot be seen: ${facts.roleBindings.unseen}`)];
  return lacking.map((account) =>
    error(
      `the ServiceAccount ${namespace}/${account} may not use the security context constraint privileged`,
      `oc adm policy add-scc-to-user privileged -z ${account} -n ${namespace}`,
    ),
  );
}

function binds({ subjects = [] }: V1RoleBinding, namespace: string, account: string): boolean {
  return subjects.some(({ kind, name, namespace: home = namespace }) =>
    kind === 'ServiceAccount' ? name === account && home === namespace : name === `system:serviceaccounts:${namespace}`,
  );
}
