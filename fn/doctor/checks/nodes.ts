import type { V1Node } from '@kubernetes/client-node';
import { type Check, error, itemsOf, type Observed, ok, unknown } from '../check.ts';
import type { Network } from '../network.ts';
import { nodesFor } from '../selected-nodes.ts';
import type { Subject } from '../subject.ts';

/** Whether there are nodes for the agents, and for every router one of its own. */
export const nodes: Check = {
  name: 'nodes',
  why: 'a router without a node does not run, and two routers on one node would be lost together',
  anchor: 'there-are-too-few-nodes',
  examine: (subject) =>
    subject.networks.flatMap((one) => examineNetwork(one, subject).map((seen) => ({ ...seen, network: one.label }))),
};

function examineNetwork({ agents, routers }: Network, { facts }: Subject): readonly Observed[] {
  if ('unseen' in facts.nodes) return [unknown(`nodes cannot be seen: ${facts.nodes.unseen}`)];
  const all = itemsOf(facts.nodes);
  const ofAgents = agents?.spec?.template.spec;
  const ofRouters = routers[0]?.spec?.template.spec;
  const faults: Observed[] = [];
  if (ofAgents !== undefined && nodesFor(ofAgents, all, true).length === 0) {
    faults.push(
      error(
        `none of ${all.length} nodes is chosen for agents`,
        'compare `spec.nodes` with the labels and taints of the nodes',
      ),
    );
  }
  const usable = ofRouters === undefined ? [] : nodesFor(ofRouters, all, false).filter(isReady);
  if (usable.length < routers.length) {
    faults.push(
      error(
        `${routers.length} routers need a node each, and ${usable.length} of ${all.length} are chosen, ready and not tainted`,
        'compare `spec.nodes` and `spec.gateway.nodes` with the labels and taints of the nodes, or lower `spec.gateway.replicas`',
      ),
    );
  }
  return faults.length > 0
    ? faults
    : [
        ok(
          `${usable.length} of ${all.length} nodes can have a router, and ${routers.length} ${routers.length === 1 ? 'is' : 'are'} needed`,
        ),
      ];
}

/** A node that has never said how it is counts; one that was lost does not. */
function isReady({ status }: V1Node): boolean {
  return (status?.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'True') === 'True';
}
