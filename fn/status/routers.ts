import type { V1Deployment, V1Pod } from '@kubernetes/client-node';
import type { Log, Observation } from '../cluster/observation.ts';
import { API_GROUP } from '../marks.ts';
import { appliedConfiguration } from './configuration.ts';
import { oneLine } from './events.ts';
import { comparedTemplate, conditionOf, memberOf } from './member.ts';
import type { Member, Router } from './network-status.ts';
import { componentOf, type NetworkId, ownedBy } from './owner.ts';
import type { AllTold } from './told.ts';

/** What the program of keepalived says of the active router. */
const ACTIVE = "this router has the gateway's addresses";
const ROUTER_LABEL = `${API_GROUP}/router`;

/** The routers of a network, and what is wrong with them beside their pods. */
export function routersOf(
  network: NetworkId,
  observation: Observation,
  told: AllTold,
): { readonly routers: readonly Router[]; readonly problems: readonly string[] } {
  const deployments = ownedBy(network, observation.deployments).filter((one) => componentOf(one) === 'router');
  const found = deployments
    .toSorted((one, other) => indexOf(one) - indexOf(other))
    .map((deployment) => routerOf(network, deployment, { observation, told, isOneOfSeveral: deployments.length > 1 }));
  const problems = [...new Set(found.flatMap((one) => one.problems))];
  const routers = found.map(({ router }) => router);
  return { routers, problems: [...problems, ...withoutActive(routers)] };
}

interface Seen {
  readonly observation: Observation;
  readonly told: AllTold;
  readonly isOneOfSeveral: boolean;
}

function routerOf(network: NetworkId, deployment: V1Deployment, { observation, told, isOneOfSeveral }: Seen) {
  const { pods, configMaps, events, logs } = observation;
  const name = deployment.metadata?.name ?? '';
  const template = deployment.spec?.template ?? {};
  const own = ownedBy(network, pods).filter(
    (pod) => componentOf(pod) === 'router' && indexOf(pod) === indexOf(deployment) && isThere(pod),
  );
  const members = own.map((pod) => memberOf(pod, comparedTemplate(deployment), events, told));
  const { configuration, problem } = appliedConfiguration(template, ownedBy(network, configMaps));
  const { active, since } = isOneOfSeveral ? oneOfSeveral(readyOf(own), logs, members) : alone(readyOf(own));
  const router: Router = {
    name,
    ...(active !== undefined && { active }),
    ...(active === true && since !== undefined && { activeSince: since }),
    ...(configuration !== undefined && { configuration }),
    pods: members,
  };
  const problems = [
    ...(problem === undefined ? [] : [problem]),
    ...(members.length > 0 ? [] : [`the Deployment ${network.namespace}/${name} has no pod: ${whyNone(deployment)}`]),
  ];
  return { router, problems };
}

/** Pods that have ended stay until they are collected, as those of a lost node do. */
function isThere({ metadata, status }: V1Pod): boolean {
  return metadata?.deletionTimestamp === undefined && status?.phase !== 'Failed' && status?.phase !== 'Succeeded';
}

function indexOf({ metadata, spec }: V1Deployment | V1Pod): number {
  const template = spec !== undefined && 'template' in spec ? spec.template.metadata : undefined;
  return Number((template ?? metadata)?.labels?.[ROUTER_LABEL]);
}

/** Whether a router is active, and since when; nothing of what is not known. */
interface Activity {
  readonly active?: boolean | undefined;
  readonly since?: string | undefined;
}

function readyOf(pods: readonly V1Pod[]): readonly V1Pod[] {
  return pods.filter((pod) => conditionOf(pod, 'Ready')?.status === 'True');
}

/** A router alone is active as long as it is ready. */
function alone(ready: readonly V1Pod[]): Activity {
  const [first] = ready.flatMap((pod) => conditionOf(pod, 'Ready')?.lastTransitionTime ?? []);
  return { active: ready.length > 0, since: first && new Date(first).toISOString() };
}

/** By what keepalived's container has said of itself, else by what the router's program tells. */
function oneOfSeveral(ready: readonly V1Pod[], logs: readonly Log[], members: readonly Member[]): Activity {
  if (ready.length === 0) return { active: false };
  const text = logs.find(({ namespace, pod }) =>
    ready.some(({ metadata }) => metadata?.name === pod && metadata.namespace === namespace),
  )?.text;
  const states = (text ?? '').split('\n').flatMap((line) => {
    const [, time = '', state] = /^(\S+) ((?:not )?ready\b.*)$/.exec(line) ?? [];
    return state === undefined ? [] : [{ time, isActive: state.includes(ACTIVE) }];
  });
  const before = states.findLastIndex(({ isActive }) => !isActive);
  // Without a state of before, its beginning is not in what was read of the log.
  const [told] = members.flatMap(({ report }) => report?.state.includes(ACTIVE) ?? []);
  return { active: states.at(-1)?.isActive ?? told, since: before < 0 ? undefined : states[before + 1]?.time };
}

function withoutActive(routers: readonly Router[]): readonly string[] {
  const known = routers.every(({ active }) => active !== undefined);
  const active = routers.filter((router) => router.active === true);
  if (routers.length === 0) return ['it has no router: apply all manifests'];
  if (!known || active.length === 1) return [];
  if (active.length > 1) return [`${active.map(({ name }) => name).join(' and ')} both have the gateway's addresses`];
  return routers.length === 1 ? [] : ["no router has the gateway's addresses: nothing leaves by the gateway"];
}

function whyNone({ spec, status }: V1Deployment): string {
  if (spec?.replicas === 0) return 'it is scaled to 0, and wants 1';
  const failure = status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  return oneLine(failure?.message ?? 'see its events, and those of its ReplicaSet');
}
