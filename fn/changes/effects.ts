import { componentOf, type NetworkId, ownedBy } from '../status/owner.ts';
import { clientEffects, type ClientsChange } from './client-effects.ts';
import { withoutDefaults } from './defaults.ts';
import type { AgentsEffect, RoutersEffect } from './field-effect.ts';
import { isSame, keyOf, type Manifest } from './manifest.ts';

/** All objects of a side: those of networks, and workloads. */
export type Manifests = readonly Manifest[];

/** What becomes of what runs. */
export interface Effects {
  readonly agents: AgentsEffect | 'created';
  readonly routers: RoutersEffect;
  /** Deployments of routers that come. */
  readonly createdRouters: readonly string[];
  /** Deployments of routers that go. */
  readonly removedRouters: readonly string[];
  readonly clients: ClientsChange;
}

/** What becomes of the pods of a network, found by comparing what was rendered, or runs, with what is rendered. */
export function effectsOf(network: NetworkId, before: Manifests, after: Manifests): Effects {
  const [one, other] = [ownedBy(network, before), ownedBy(network, after)];
  const routers = pairs(one, other, 'Deployment', 'router');
  return {
    agents: agentsEffect(one, other),
    routers: routersEffect(one, other),
    createdRouters: routers.filter(([old]) => old === undefined).flatMap(([, router]) => router?.metadata.name ?? []),
    removedRouters: routers.filter(([, router]) => router === undefined).flatMap(([old]) => old?.metadata.name ?? []),
    clients: clientEffects(network, before, after),
  };
}

function agentsEffect(before: Manifests, after: Manifests): Effects['agents'] {
  const sets = pairs(before, after, 'DaemonSet', 'node-agent');
  if (sets.some(([, set]) => set === undefined)) return 'removed';
  if (sets.some(([old]) => old === undefined)) return 'created';
  if (sets.some(isOtherTemplate)) return 'rolled';
  return isOtherData(before, after, 'node-agent') ? 'live' : 'none';
}

function routersEffect(before: Manifests, after: Manifests): RoutersEffect {
  const kept = pairs(before, after, 'Deployment', 'router').filter(isKept);
  if (kept.some(isOtherTemplate)) return 'replaced';
  return kept.length > 0 && isOtherData(before, after, 'router') ? 'live' : 'none';
}

type Pair = readonly [Manifest | undefined, Manifest | undefined];

/** The objects of a kind and a component on both sides, by their names. */
function pairs(before: Manifests, after: Manifests, kind: string, component: string): readonly Pair[] {
  const isMeant = (one: Manifest) => one.kind === kind && componentOf(one) === component;
  const [olds, news] = [before, after].map((side) => new Map(side.filter(isMeant).map((one) => [keyOf(one), one])));
  const keys = new Set([...(olds?.keys() ?? []), ...(news?.keys() ?? [])]);
  return [...keys].map((key) => [olds?.get(key), news?.get(key)]);
}

function isKept([old, one]: Pair): boolean {
  return old !== undefined && one !== undefined;
}

function isOtherTemplate([old, one]: Pair): boolean {
  return !isSame(withoutDefaults(old?.spec?.template), withoutDefaults(one?.spec?.template));
}

/** A ConfigMap that only new pods read has another name. */
function isOtherData(before: Manifests, after: Manifests, component: string): boolean {
  return pairs(before, after, 'ConfigMap', component)
    .filter(isKept)
    .some(([old, one]) => !isSame(old?.data, one?.data));
}
