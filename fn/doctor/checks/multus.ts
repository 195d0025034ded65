import type { V1Pod } from '@kubernetes/client-node';
import { STATUS_ANNOTATION } from '../../clients/network-status.ts';
import { type Check, error, itemsOf, type Observed, unknown, within } from '../check.ts';
import { readiness } from '../daemons.ts';
import type { Subject } from '../subject.ts';

const KIND = 'network-attachment-definitions.k8s.cni.cncf.io';
/** Whether Multus is there, on every node that has a part in a network. */
export const multus: Check = {
  name: 'multus',
  why: 'Multus attaches pods to the network: without it a client starts without the network, and its guard holds it',
  anchor: 'multus-is-missing',
  examine: (subject) => [...kindOf(subject), ...daemonOf(subject)],
};

function kindOf({ facts }: Subject): readonly Observed[] {
  return within('CustomResourceDefinitions', facts.customKinds, (kinds) =>
    kinds.some(({ metadata }) => metadata?.name === KIND)
      ? []
      : [error(`the CustomResourceDefinition ${KIND} is not there`, 'install Multus')],
  );
}

function daemonOf({ facts, multus: daemonSet, nodes }: Subject): readonly Observed[] {
  if ('unseen' in facts.nodes) return [unknown(`nodes cannot be seen: ${facts.nodes.unseen}`)];
  return within('DaemonSets', facts.daemonSets, () => {
    if (daemonSet === undefined) return [itemsOf(facts.pods).some(isAttached) ? STRANGE : NONE];
    return readiness(daemonSet, facts, nodes);
  });
}

const STRANGE = unknown(
  'no DaemonSet of Multus is recognised, and pods have its annotation: how it is installed is not seen',
);
const NONE = error('no DaemonSet of Multus is there', 'install Multus, on every node that has clients or routers');

export function isAttached({ metadata }: V1Pod): boolean {
  return metadata?.annotations?.[STATUS_ANNOTATION] !== undefined;
}
