import type { V1DaemonSet, V1Node } from '@kubernetes/client-node';
import type { Facts, Manifest } from '../cluster/facts.ts';
import { multusIn, whereaboutsIn } from './daemons.ts';
import { type Network, networksOf } from './network.ts';
import { type Platform, platformOf } from './platform.ts';
import { type PrimaryNetwork, primaryNetworkOf } from './primary-network.ts';
import { spannedNodes } from './selected-nodes.ts';
import { itemsOf } from './check.ts';

/** What checks look at: a cluster, the networks that are to be in it, and what is recognised of the cluster. */
export interface Subject {
  readonly facts: Facts;
  readonly networks: readonly Network[];
  /** The networks that are in the cluster, of those too that are not checked. */
  readonly installed: readonly Network[];
  /** What is applied with the networks: all objects of the input; none where there is no input. */
  readonly objects: readonly Manifest[];
  readonly platform: Platform | undefined;
  readonly primary: PrimaryNetwork | undefined;
  readonly multus: V1DaemonSet | undefined;
  readonly whereabouts: V1DaemonSet | undefined;
  /** The nodes that the networks span. */
  readonly nodes: readonly V1Node[];
}

/** `objects` are those of the input; without an input, the networks of the cluster are meant. */
export function subjectOf(
  facts: Facts,
  objects: readonly Manifest[] | undefined,
  namespace: string | undefined,
): Subject {
  const installed = networksOf(itemsOf(facts.installed));
  const all = objects === undefined ? installed : networksOf(objects);
  const networks = all.filter(({ id }) => namespace === undefined || id.namespace === namespace);
  const platform = platformOf(facts);
  return {
    facts,
    networks,
    installed,
    objects: objects ?? [],
    platform,
    primary: primaryNetworkOf(facts, platform),
    multus: multusIn(facts),
    whereabouts: whereaboutsIn(facts),
    nodes: spannedNodes(facts, networks),
  };
}
