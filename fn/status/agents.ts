import type { V1DaemonSet, V1Pod } from '@kubernetes/client-node';
import type { Observation } from '../cluster/observation.ts';
import { appliedConfiguration } from './configuration.ts';
import { comparedTemplate, conditionOf, memberOf } from './member.ts';
import type { Agents, Member } from './network-status.ts';
import { componentOf, type NetworkId, ownedBy } from './owner.ts';
import type { AllTold } from './told.ts';

/** The agents of a network, and what is wrong with all of them. */
export function agentsOf(
  network: NetworkId,
  { daemonSets, configMaps, pods, events }: Observation,
  told: AllTold,
  now: number,
): { readonly agents?: Agents; readonly problems: readonly string[] } {
  const [daemonSet] = ownedBy(network, daemonSets);
  const template = daemonSet?.spec?.template;
  if (daemonSet === undefined || template === undefined) return { problems: [] };
  const wanted = daemonSet.status?.desiredNumberScheduled ?? 0;
  const own = ownedBy(network, pods).filter(
    (pod) => componentOf(pod) === 'node-agent' && pod.metadata?.deletionTimestamp === undefined,
  );
  const members = own
    .map((pod) => memberOf(pod, comparedTemplate(daemonSet), events, told))
    .toSorted((one, other) => (one.node ?? '').localeCompare(other.node ?? ''));
  const { configuration, problem } = appliedConfiguration(template, ownedBy(network, configMaps));
  const nodes = new Set(members.map(({ node }) => node));
  return {
    agents: { wanted, ...(configuration !== undefined && { configuration }), pods: members },
    problems: [
      ...(problem === undefined ? [] : [problem]),
      ...missingAgents(daemonSet, wanted, nodes.size),
      ...withoutPeers(members, settledNodes(own, now)),
    ],
  };
}

function missingAgents({ metadata }: V1DaemonSet, wanted: number, present: number): readonly string[] {
  const name = `DaemonSet ${metadata?.namespace}/${metadata?.name}`;
  if (wanted === 0) return [`the ${name} chooses no node: see spec.nodes, and the labels of the nodes`];
  if (present >= wanted) return [];
  return [`the ${name} wants an agent on ${wanted} nodes, and ${present} have one: see its events`];
}

/** How long it may take until all agents know of another, in milliseconds: name servers keep their answers for 30 s. */
const USUAL = 120_000;

/** The nodes whose agents have been ready for longer than that. */
function settledNodes(pods: readonly V1Pod[], now: number): readonly string[] {
  return pods.flatMap((pod) => {
    const { status, lastTransitionTime } = conditionOf(pod, 'Ready') ?? {};
    const isSettled = status === 'True' && now - Date.parse(String(lastTransitionTime)) > USUAL;
    return isSettled ? (pod.spec?.nodeName ?? []) : [];
  });
}

/** Where an agent sends to fewer nodes than there are, clients do not reach a router there. */
function withoutPeers(members: readonly Member[], settled: readonly string[]): readonly string[] {
  return members.flatMap(({ node = '', report }) => {
    const others = settled.filter((one) => one !== node).length;
    if (report?.peers === undefined || report.peers >= others || !settled.includes(node)) return [];
    return [
      `the agent on ${node} sends to ${report.peers} other nodes, and ${others} have an agent: see its log, and spec.overlay.flooding`,
    ];
  });
}
