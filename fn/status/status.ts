import type { Observation } from '../cluster/observation.ts';
import { agentsOf } from './agents.ts';
import { clientsOf } from './clients.ts';
import { missingObjects } from './missing.ts';
import { isWell, type NetworkStatus } from './network-status.ts';
import { componentOf, labelOf, type NetworkId, ownedBy, ownerOf } from './owner.ts';
import { exhausted, poolsOf } from './pools.ts';
import { routersOf } from './routers.ts';
import { type AllTold, NONE_TOLD } from './told.ts';

const RELEASE_LABEL = 'app.kubernetes.io/version';

/** The networks that a cluster has objects of, by namespace and name. */
export function networksIn({ attachments, daemonSets, deployments }: Observation): readonly NetworkId[] {
  const owners = [...attachments, ...daemonSets, ...deployments].filter(componentOf).map(ownerOf);
  const byLabel = new Map(owners.map((owner) => [labelOf(owner), owner]));
  return [...byLabel.keys()].toSorted().flatMap((label) => byLabel.get(label) ?? []);
}

/** How a network is. `now` is in milliseconds, as of `Date.now()`; its programs may have told something, too. */
export function statusOf(
  network: NetworkId,
  observation: Observation,
  now: number,
  told: AllTold = NONE_TOLD,
): NetworkStatus {
  const { agents, problems: ofAgents } = agentsOf(network, observation, told, now);
  const { routers, problems: ofRouters } = routersOf(network, observation, told);
  const { clients, absent } = clientsOf(network, observation, now);
  const releases = releasesOf(network, observation);
  const pools = poolsOf(network, observation);
  const missing = missingObjects(network, observation);
  const problems = [...missing, ...ofAgents, ...ofRouters, ...exhausted(pools), ...skew(releases)];
  const members = [...(agents?.pods ?? []), ...routers.flatMap(({ pods }) => pods)];
  return {
    ...network,
    ok: problems.length === 0 && members.every(isWell) && absent.every(({ starting }) => starting),
    releases,
    ...(agents && { agents }),
    routers,
    clients,
    absent,
    pools,
    problems,
  };
}

/** ConfigMaps of earlier revisions stay until they are removed, and do not count. */
function releasesOf(network: NetworkId, { attachments, daemonSets, deployments }: Observation): readonly string[] {
  const labels = [...attachments, ...daemonSets, ...deployments].flatMap((object) => ownedBy(network, [object]));
  const releases = labels.flatMap(({ metadata }) => metadata?.labels?.[RELEASE_LABEL] ?? []);
  return [...new Set(releases)].toSorted();
}

function skew(releases: readonly string[]): readonly string[] {
  if (releases.length < 2) return [];
  return [`its objects are of the releases ${releases.join(' and ')}: apply all manifests of one`];
}
