import { describe, expect, test } from 'vitest';
import { parseAnswer } from '../../fn/cluster/answer.ts';
import { complete } from '../../fn/cluster/complete.ts';
import type { Facts, Manifest } from '../../fn/cluster/facts.ts';
import type { Observation } from '../../fn/cluster/observation.ts';
import { diagnose, furtherOf } from '../../fn/doctor/doctor.ts';
import { formatDiagnosis } from '../../fn/doctor/text.ts';
import { archiveFiles } from '../../fn/gather/archive-files.ts';
import { NETWORK_LABEL } from '../../fn/marks.ts';
import { plain } from '../../fn/status/paint.ts';
import { networksIn, statusOf } from '../../fn/status/status.ts';
import { formatStatus } from '../../fn/status/text.ts';
import { programsOf } from '../../fn/status/told.ts';
import { subjectOf } from '../../fn/verify/subject.ts';
import { missingPlugin } from '../doctor/cluster-objects.ts';
import { DISTRIBUTIONS } from '../doctor/distributions.ts';
import { factsOf, rendered } from '../doctor/facts.ts';
import { clientPod, eventOf, healthy, NOW } from '../status/healthy.ts';

/** Objects as an API server gives them, by the resource. */
type World = Readonly<Record<string, readonly unknown[]>>;

const CONTAINERS = ['guard', 'node-agent', 'router'].map((name) => ({
  name,
  ready: false,
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'a' } },
  lastState: { terminated: { exitCode: 1, message: 'a' } },
}));
const CONDITIONS = ['Ready', 'PodScheduled'].map((type) => ({ type, status: 'False', message: 'a', reason: 'b' }));

/** A cluster of which every list has objects with all fields that are looked at. */
function worldOf(example: string, distribution: string): World {
  const seen = healthy(example);
  const facts = factsOf([...(DISTRIBUTIONS[distribution]?.objects ?? []), ...rendered(example), missingPlugin('a')]);
  const [agent] = seen.pods;
  const status = { phase: 'Pending', conditions: CONDITIONS, containerStatuses: CONTAINERS };
  const failing = { ...agent, status: { ...status, initContainerStatuses: CONTAINERS, podIPs: [{ ip: '10.0.0.1' }] } };
  const waiting = { ...clientPod('w'), status };
  const items = (name: keyof Facts) => (facts[name] as { readonly items?: readonly unknown[] }).items ?? [];
  return {
    daemonsets: [...seen.daemonSets, ...items('daemonSets')],
    deployments: seen.deployments,
    configmaps: [...seen.configMaps, ...items('configMaps')],
    'network-attachment-definitions': seen.attachments,
    ippools: [...seen.ipPools, ...items('ipPools')],
    mutatingadmissionpolicies: seen.policies,
    namespaces: [...seen.namespaces, ...items('namespaces')],
    pods: [...seen.pods, failing, ...seen.running, waiting, ...items('pods')],
    events: [eventOf(failing, 'Unhealthy', 'Readiness probe failed: a'), ...items('failures')],
    nodes: items('nodes'),
    rolebindings: items('roleBindings'),
    servicecidrs: items('serviceCidrs'),
    services: items('services'),
    resourcequotas: items('quotas'),
    customresourcedefinitions: items('customKinds'),
    felixconfigurations: items('felix'),
    networks: items('openShiftNetworks'),
  };
}

const isOwned = (one: object) => JSON.stringify(one).includes(`"${NETWORK_LABEL}"`);

function observationOf(world: World): Observation {
  const at = (resource: string) => (world[resource] ?? []) as readonly never[];
  const owned = (resource: string) => at(resource).filter(isOwned);
  return {
    server: 'a',
    daemonSets: owned('daemonsets'),
    deployments: owned('deployments'),
    configMaps: owned('configmaps'),
    attachments: owned('network-attachment-definitions'),
    ipPools: at('ippools'),
    policies: owned('mutatingadmissionpolicies'),
    namespaces: at('namespaces'),
    pods: owned('pods'),
    running: at('pods'),
    pending: at('pods'),
    events: at('events'),
    logs: [],
  };
}

function factsIn(world: World): Facts {
  const at = (resource: string) => ({ items: (world[resource] ?? []) as readonly never[] });
  const installed = Object.entries(KINDS).flatMap(([resource, kind]) =>
    at(resource)
      .items.filter(isOwned)
      .map((one: object): Manifest => ({ ...one, kind })),
  );
  return {
    ...factsOf([]),
    nodes: at('nodes'),
    namespaces: at('namespaces'),
    customKinds: at('customresourcedefinitions'),
    daemonSets: at('daemonsets'),
    configMaps: at('configmaps'),
    pods: at('pods'),
    daemonPods: at('pods'),
    failures: at('events'),
    services: at('services'),
    serviceCidrs: at('servicecidrs'),
    quotas: at('resourcequotas'),
    roleBindings: at('rolebindings'),
    ipPools: at('ippools'),
    felix: at('felixconfigurations'),
    openShiftNetworks: at('networks'),
    installed: { items: installed },
  };
}

const KINDS = {
  daemonsets: 'DaemonSet',
  deployments: 'Deployment',
  configmaps: 'ConfigMap',
  'network-attachment-definitions': 'NetworkAttachmentDefinition',
};

/** All that is said of a cluster. */
function said(world: World): string {
  const [observation, facts] = [observationOf(world), factsIn(world)];
  const networks = networksIn(observation);
  furtherOf(facts, {});
  return [
    formatDiagnosis(diagnose(facts, {}), plain),
    ...networks.map((one) => {
      const status = statusOf(one, observation, NOW);
      return (
        formatStatus(status, plain, NOW) +
        JSON.stringify([programsOf(one, observation), subjectOf(status, observation)])
      );
    }),
    ...archiveFiles(networks, observation, { logs: [], nodes: world['nodes'] as never }, NOW).values(),
  ].join('\n');
}

type Path = readonly (string | number)[];

/** The paths of all that is in a value. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  const inner = value as Readonly<Record<string | number, unknown>>;
  return keys.flatMap((key) => [[...path, key], ...pathsIn(inner[key], [...path, key])]);
}

/** A value with another one at a path. */
function put(value: unknown, [key, ...rest]: Path, other: unknown): unknown {
  if (key === undefined) return other;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = put(copy[key], rest, other);
  return copy;
}

function answered(world: World, resource: string, objects: unknown): World {
  const { items } = parseAnswer(JSON.stringify({ items: objects })) as { readonly items?: readonly unknown[] };
  return { ...world, [resource]: (items ?? []).map((one) => complete(`/api/v1/${resource}`, one)) };
}

describe.each([
  ['ha-vrrp', 'OpenShift'],
  ['admission', 'MicroK8s with Calico'],
])('an answer without a field of what is looked at, with examples/%s on %s:', (example, distribution) => {
  const raw = JSON.parse(JSON.stringify(worldOf(example, distribution))) as World;
  const world = Object.keys(raw).reduce((before, resource) => answered(before, resource, raw[resource]), raw);

  test('the fixture is whole', () => {
    expect(said(world)).toMatch(/egress\/vpn/);
  });

  test.each(Object.keys(raw).filter((resource) => (raw[resource] ?? []).length > 0))('%s', (resource) => {
    const seen = new Set<string>();
    const faults: string[] = [];
    for (const path of pathsIn(raw[resource])) {
      // The same field of the same kind of object once: of names and labels nothing but their place differs.
      const shape = `${path.filter((part) => typeof part === 'string').join('.')} ${path.length}`;
      if (seen.has(shape)) continue;
      seen.add(shape);
      // What is null is read as what is not there.
      try {
        said(answered(world, resource, put(raw[resource], path, null)));
      } catch (error) {
        faults.push(`${path.join('.')}: ${String(error)}`);
      }
    }
    expect(faults).toEqual([]);
  });
});
