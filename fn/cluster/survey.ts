import type { V1ConfigMap, V1DaemonSet, V1Pod, V1Secret } from '@kubernetes/client-node';
import { NETWORK_LABEL } from '../marks.ts';
import { listOf, textOf } from '../yaml/fields.ts';
import { connect, type Connection } from './connect.ts';
import type { Facts, Further, Manifest, SecretKeys, Seen, Unreadable } from './facts.ts';
import { type Choice, firstOf, list } from './list.ts';
import type { Named, Question } from './observation.ts';
import { Refusal } from './refusal.ts';
import { getObject, Missing, notAnApi } from './request.ts';

/** How many pods and Services are looked at, in one request each: they are many, and some of them are enough. */
const MOST = 500;

/** The ConfigMaps that are read, in whichever namespace. */
const CONFIG_MAPS = [
  'cilium-config',
  'kube-flannel-cfg',
  'canal-config',
  'coredns',
  'rke2-coredns-rke2-coredns',
  'kubeadm-config',
  'multus-cni-config',
  'multus-daemon-config',
  'whereabouts-config',
  'cni-sysctl-allowlist',
  'default-cni-sysctl-allowlist',
];

/** The kinds of a network's objects that are looked at, and where they are listed. DaemonSets are listed anyway. */
const NETWORK_KINDS = {
  Deployment: '/apis/apps/v1/deployments',
  ConfigMap: '/api/v1/configmaps',
  NetworkAttachmentDefinition: '/apis/k8s.cni.cncf.io/v1/network-attachment-definitions',
  NetworkPolicy: '/apis/networking.k8s.io/v1/networkpolicies',
  MutatingAdmissionPolicy: '/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies',
  ValidatingAdmissionPolicy: '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
};

/** What a cluster has answered, or why it could not be asked, in one sentence. */
export type Survey = { readonly facts: Facts } | { readonly refusal: string };

/**
 * What a cluster is made of, in a number of lists that does not grow with it; a request more for each Secret. What may
 * not be seen is told as such. Nothing is changed.
 */
export async function survey(question: Question, further: (facts: Facts) => Further): Promise<Survey> {
  try {
    const connection = await connect(question);
    const first = await look(connection);
    const { pods, secrets } = further(first);
    const [daemonPods, found] = await Promise.all([
      joined(
        pods.map(async ({ namespace, labelSelector }) => seen<V1Pod>(connection, podsIn(namespace), { labelSelector })),
      ),
      Promise.all(secrets.map(async (secret) => keysOf(connection, secret))),
    ]);
    return { facts: { ...first, daemonPods, secrets: found } };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error.message };
    throw error;
  }
}

async function look(connection: Connection): Promise<Facts> {
  // Whoever cannot ask for this cannot ask for anything.
  const version = await versionOf(connection);
  const all = async <T>(path: string, choice: Choice = {}) => seen<T>(connection, path, choice);
  const some = async <T>(path: string, choice: Choice = {}) =>
    attempted(async () => firstOf<T>(connection, path, choice, MOST));
  const [nodes, namespaces, customKinds, admissionKinds, daemonSets, configMaps, pods, failures] = await Promise.all([
    all<never>('/api/v1/nodes'),
    all<Named>('/api/v1/namespaces', { metadataOnly: true }),
    all<Named>('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', { metadataOnly: true }),
    resourcesOf(connection, '/apis/admissionregistration.k8s.io/v1'),
    all<V1DaemonSet>('/apis/apps/v1/daemonsets'),
    joined(
      CONFIG_MAPS.map(async (name) =>
        all<V1ConfigMap>('/api/v1/configmaps', { fieldSelector: `metadata.name=${name}` }),
      ),
    ),
    some<V1Pod>('/api/v1/pods', { fieldSelector: 'status.phase=Running,spec.hostNetwork=false' }),
    all<never>('/api/v1/events', { fieldSelector: 'reason=FailedCreatePodSandBox' }),
  ]);
  // An API server forbids kinds, too, that it does not know.
  const isKnown = (name: string) =>
    'unseen' in customKinds || customKinds.items.some(({ metadata }) => metadata?.name === name);
  const custom = async <T>(group: string, resource: string): Promise<Seen<T>> =>
    isKnown(`${resource}.${group}`) ? all<T>(`/apis/${group}/v1/${resource}`) : { items: [] };
  const [services, serviceCidrs, priorityClasses, quotas, roleBindings, cronJobs, ipPools, felix, openShiftNetworks] =
    await Promise.all([
      some<never>('/api/v1/services'),
      all<never>('/apis/networking.k8s.io/v1/servicecidrs'),
      all<Named>('/apis/scheduling.k8s.io/v1/priorityclasses', { metadataOnly: true }),
      all<never>('/api/v1/resourcequotas'),
      all<never>('/apis/rbac.authorization.k8s.io/v1/rolebindings'),
      all<never>('/apis/batch/v1/cronjobs', { fieldSelector: 'metadata.name=ip-reconciler' }),
      custom<never>('crd.projectcalico.org', 'ippools'),
      custom<never>('crd.projectcalico.org', 'felixconfigurations'),
      custom<never>('config.openshift.io', 'networks'),
    ]);
  return {
    server: connection.server,
    version,
    nodes,
    namespaces,
    customKinds,
    admissionKinds,
    daemonSets,
    configMaps,
    pods,
    daemonPods: { items: [] },
    failures,
    services,
    serviceCidrs,
    priorityClasses,
    quotas,
    roleBindings,
    cronJobs,
    ipPools,
    felix,
    openShiftNetworks,
    secrets: [],
    installed: await installedOf(connection, daemonSets),
  };
}

async function versionOf(connection: Connection): Promise<string> {
  const answer = await getObject<{ readonly gitVersion?: unknown }>(connection, '/version');
  if (typeof answer.gitVersion === 'string') return answer.gitVersion;
  throw notAnApi(connection.server, '/version', JSON.stringify(answer));
}

async function installedOf(connection: Connection, daemonSets: Seen<V1DaemonSet>): Promise<Seen<Manifest>> {
  const others = Object.entries(NETWORK_KINDS).map(async ([kind, path]) =>
    ofKind(kind, await seen<Manifest>(connection, path, { labelSelector: NETWORK_LABEL })),
  );
  const isOwned = ({ metadata }: Named) => metadata?.labels?.[NETWORK_LABEL] !== undefined;
  const agents = 'unseen' in daemonSets ? daemonSets : { items: daemonSets.items.filter(isOwned) };
  return joined([Promise.resolve(ofKind('DaemonSet', agents)), ...others]);
}

/** The objects of a list do not say of which kind they are. */
function ofKind(kind: string, found: Seen<Named>): Seen<Manifest> {
  return 'unseen' in found ? found : { items: found.items.map((one) => ({ ...one, kind })) };
}

/** All objects of some answers; where one is missing, none, and why. */
async function joined<T>(answers: readonly Promise<Seen<T>>[]): Promise<Seen<T>> {
  const all = await Promise.all(answers);
  const unseen = all.find((one) => 'unseen' in one);
  return unseen ?? { items: all.flatMap((one) => ('items' in one ? one.items : [])) };
}

async function seen<T>(connection: Connection, path: string, choice: Choice): Promise<Seen<T>> {
  return attempted(async () => ({ items: await list<T>(connection, path, choice) }));
}

async function attempted<T>(ask: () => Promise<Seen<T>>): Promise<Seen<T>> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refusal) return { unseen: error.message };
    throw error;
  }
}

async function resourcesOf(connection: Connection, path: string): Promise<Seen<string>> {
  return attempted(async () => {
    const { resources } = await getObject<{ readonly resources?: unknown }>(connection, path);
    if (!Array.isArray(resources)) return { unseen: `the cluster at ${connection.server} lists no kinds at ${path}` };
    return { items: listOf(resources).map(({ name }) => textOf(name)) };
  });
}

/** The keys of a Secret. Its values go no further than this. */
async function keysOf(
  connection: Connection,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<SecretKeys | Unreadable> {
  try {
    const { kind, data } = await getObject<V1Secret>(connection, `/api/v1/namespaces/${namespace}/secrets/${name}`);
    if (kind === 'Secret') return { namespace, name, keys: Object.keys(data ?? {}) };
    return { namespace, name, unseen: `the cluster at ${connection.server} has answered with something else` };
  } catch (error) {
    if (error instanceof Missing) return { namespace, name };
    if (error instanceof Refusal) return { namespace, name, unseen: error.message };
    throw error;
  }
}

function podsIn(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/pods`;
}
