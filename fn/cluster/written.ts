import { complete } from './complete.ts';
import { connect, type Connection } from './connect.ts';
import { list } from './list.ts';
import { NETWORK_LABEL } from '../marks.ts';
import type { Named, Question } from './observation.ts';
import { Refusal } from './refusal.ts';
import { getObject, Missing, notAnApi } from './request.ts';
import { someAtATime } from './some-at-a-time.ts';

/** An object as the API server gives it. */
export interface ClusterObject extends Named {
  readonly apiVersion: string;
  readonly kind: string;
}

/** What names an object. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The objects that are there, or why the cluster could not be asked, in one sentence. */
export type WrittenAnswer =
  | { readonly server: string; readonly objects: readonly ClusterObject[] }
  | { readonly refusal: string };

/** The kinds that networks render. */
const RENDERED: readonly (readonly [apiVersion: string, kind: string, plural: string])[] = [
  ['v1', 'ConfigMap', 'configmaps'],
  ['v1', 'Service', 'services'],
  ['v1', 'ServiceAccount', 'serviceaccounts'],
  ['apps/v1', 'DaemonSet', 'daemonsets'],
  ['apps/v1', 'Deployment', 'deployments'],
  ['policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'],
  ['networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'],
  ['k8s.cni.cncf.io/v1', 'NetworkAttachmentDefinition', 'network-attachment-definitions'],
  ['admissionregistration.k8s.io/v1', 'MutatingAdmissionPolicy', 'mutatingadmissionpolicies'],
  ['admissionregistration.k8s.io/v1', 'MutatingAdmissionPolicyBinding', 'mutatingadmissionpolicybindings'],
  ['admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', 'validatingadmissionpolicies'],
  ['admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings'],
  ['nodenetworkoperator.soliddowant.dev/v1alpha1', 'Link', 'links'],
];

/**
 * What networks of these names, or all, have rendered into the cluster, by a list for each kind, and these other
 * objects, by a request for each. What is not there is left out.
 */
export async function written(
  question: Question,
  networks: readonly string[] | undefined,
  others: readonly ObjectRef[],
): Promise<WrittenAnswer> {
  try {
    const connection = await connect(question);
    const labelSelector = networks === undefined ? NETWORK_LABEL : `${NETWORK_LABEL} in (${networks.join(',')})`;
    const lists = await Promise.all(
      RENDERED.map(async ([apiVersion, kind, plural]) => {
        const found = await list<Named>(connection, `${pathOf(apiVersion)}/${plural}`, { labelSelector });
        return found.map((object) => ({ ...object, apiVersion, kind }));
      }),
    );
    return { server: connection.server, objects: [...lists.flat(), ...(await readAll(connection, others))] };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error.message };
    throw error;
  }
}

async function readAll(connection: Connection, refs: readonly ObjectRef[]): Promise<readonly ClusterObject[]> {
  const groups = new Map<string, Promise<ReadonlyMap<string, string>>>();
  const found = await someAtATime(refs, async (ref) => {
    const plurals = groups.get(ref.apiVersion) ?? pluralsOf(connection, ref.apiVersion);
    groups.set(ref.apiVersion, plurals);
    return read(connection, ref, (await plurals).get(ref.kind));
  });
  return found.filter((one) => one !== undefined);
}

/** A kind, as discovery tells it. */
interface Resource {
  readonly name?: string;
  readonly kind?: string;
}

/** The names of kinds in paths, by an answer of discovery; none where the cluster does not have the group. */
async function pluralsOf(connection: Connection, apiVersion: string): Promise<ReadonlyMap<string, string>> {
  const found = await unlessMissing(getObject<{ readonly resources?: unknown }>(connection, pathOf(apiVersion)));
  const all = Array.isArray(found?.resources) ? (found.resources as readonly Resource[]) : [];
  const named = all.flatMap(({ name = '', kind = '' }) =>
    name === '' || name.includes('/') ? [] : [[kind, name] as const],
  );
  return new Map(named);
}

async function read(
  connection: Connection,
  { apiVersion, kind, namespace, name }: ObjectRef,
  plural: string | undefined,
): Promise<ClusterObject | undefined> {
  if (plural === undefined) return undefined;
  const [home, own] = [namespace, name].map(encodeURIComponent);
  const path = `${pathOf(apiVersion)}/namespaces/${home}/${plural}/${own}`;
  const found = await unlessMissing(getObject<{ readonly kind?: unknown }>(connection, path));
  if (found === undefined) return undefined;
  if (found.kind === kind) return { ...complete(plural, found), apiVersion, kind };
  throw notAnApi(connection.server, path, JSON.stringify(found));
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Missing) return undefined;
    throw error;
  }
}

function pathOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
