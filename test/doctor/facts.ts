import type { Facts, Manifest, Seen } from '../../fn/cluster/facts.ts';
import { diagnose, furtherOf } from '../../fn/doctor/doctor.ts';
import type { Diagnosis } from '../../fn/doctor/diagnosis.ts';
import { expand } from '../../fn/index.ts';
import { NETWORK_LABEL } from '../../fn/marks.ts';
import { example } from '../datapath/bed/example.ts';
import { manifestsOf } from '../engines/documents.ts';
import type { Planted } from './cluster-objects.ts';

/** What whoever may see everything sees of a cluster with these objects. */
export function factsOf(objects: readonly Planted[], version = 'v1.37.2'): Facts {
  const of = <T>(kind: string, fits: (one: Planted) => boolean = () => true): Seen<T> => ({
    items: objects.filter((one) => one.kind === kind && fits(one)) as readonly object[] as readonly never[],
  });
  const isOnHost = ({ spec }: Planted) => (spec as { hostNetwork?: boolean }).hostNetwork === true;
  const ofGroup =
    (group: string) =>
    ({ apiVersion }: Planted) =>
      apiVersion.startsWith(`${group}/`);
  const secrets = objects.filter(({ kind }) => kind === 'Secret');
  return {
    server: 'https://127.0.0.1:6443',
    version,
    nodes: of('Node'),
    namespaces: of('Namespace'),
    customKinds: of('CustomResourceDefinition'),
    admissionKinds: { items: ['validatingadmissionpolicies', 'mutatingadmissionpolicies'] },
    daemonSets: of('DaemonSet'),
    configMaps: of('ConfigMap'),
    pods: of('Pod', (one) => !isOnHost(one)),
    daemonPods: of('Pod', isOnHost),
    failures: of('Event'),
    services: of('Service'),
    serviceCidrs: of('ServiceCIDR'),
    priorityClasses: of('PriorityClass'),
    quotas: of('ResourceQuota'),
    roleBindings: of('RoleBinding'),
    cronJobs: of('CronJob'),
    ipPools: of('IPPool', ofGroup('crd.projectcalico.org')),
    felix: of('FelixConfiguration'),
    openShiftNetworks: of('Network'),
    secrets: secrets.map(({ metadata, data }) => ({
      namespace: metadata.namespace ?? '',
      name: metadata.name,
      keys: Object.keys(data as object),
    })),
    installed: { items: asManifests(objects.filter(({ metadata }) => NETWORK_LABEL in (metadata.labels ?? {}))) },
  };
}

/** Times are texts here, as an API server writes them. */
function asManifests(objects: readonly Planted[]): readonly Manifest[] {
  return objects as readonly object[];
}

/** All that is rendered of an example, some fields of its network replaced. */
export function rendered(name = 'multi-node', fields: Readonly<Record<string, unknown>> = {}): readonly Planted[] {
  const { text, problems } = expand(example(name, fields));
  if (text === '') throw new Error(problems.map(({ message }) => message).join('; '));
  return manifestsOf(text) as readonly object[] as readonly Planted[];
}

/** What is said of a cluster before these objects are applied to it. */
export function diagnosisOf(facts: Facts, objects: readonly Planted[] = rendered()): Diagnosis {
  const meant = { objects: asManifests(objects) };
  const { secrets } = furtherOf(facts, meant);
  const asked = secrets.map(
    ({ namespace, name }) =>
      facts.secrets.find((one) => one.namespace === namespace && one.name === name) ?? { namespace, name },
  );
  return diagnose({ ...facts, secrets: asked }, meant);
}

/** Its errors and warnings, a line each. */
export function faultsOf({ findings }: Diagnosis): readonly string[] {
  return findings
    .filter(({ state }) => state === 'error' || state === 'warning')
    .map(
      ({ state, check, network, seen }) => `${state} ${check}: ${network === undefined ? '' : `${network}: `}${seen}`,
    );
}
