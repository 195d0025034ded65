import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
import { parseNoted, STATUS_ANNOTATION } from '../clients/network-status.ts';
import { parseNetworks } from '../clients/networks-annotation.ts';
import type { Named, Observation } from '../cluster/observation.ts';
import { CLIENT_ANNOTATION, NETWORKS_ANNOTATION } from '../marks.ts';
import { missedByPolicy } from './admission.ts';
import type { AbsentClient, Client } from './network-status.ts';
import { componentOf, labelOf, type NetworkId, ownedBy, podNameOf } from './owner.ts';
import { isStarting, whyPending } from './pending.ts';

interface Clients {
  readonly clients: readonly Client[];
  readonly absent: readonly AbsentClient[];
}

/** The pods that are on a network, and those that should be and are not. `now` is in milliseconds. */
export function clientsOf(network: NetworkId, observation: Observation, now: number): Clients {
  const joining = new Set(
    ownedBy(network, observation.attachments)
      .filter((one) => componentOf(one) === 'network')
      .map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`),
  );
  const isClient = (pod: Named) => asksFor(pod, joining) || isMarked(pod, network);
  const lives = ({ metadata }: Named) => metadata?.deletionTimestamp === undefined;

  const running = observation.running.filter(lives).map((pod) => {
    if (isClient(pod)) return attached(pod, joining) ?? unattached(pod);
    return missedByPolicy(pod, network, observation);
  });
  const pending = observation.pending
    .filter((pod) => lives(pod) && isClient(pod))
    .map((pod) => waiting(pod, joining, observation.events, now));

  const all = [...running, ...pending].filter((one) => one !== undefined);
  return {
    clients: all.filter((one) => 'addresses' in one),
    absent: all.filter((one) => 'reason' in one),
  };
}

/** Whether a pod's annotation requests one of these attachments. */
function asksFor({ metadata }: Named, joining: ReadonlySet<string>): boolean {
  const value = metadata?.annotations?.[NETWORKS_ANNOTATION];
  if (value === undefined) return false;
  return (parseNetworks(value) ?? []).some(({ namespace, name }) =>
    joining.has(`${namespace ?? metadata?.namespace}/${name}`),
  );
}

function isMarked({ metadata }: Named, network: NetworkId): boolean {
  const mark = metadata?.annotations?.[CLIENT_ANNOTATION];
  return mark === labelOf(network) || (mark === network.name && metadata?.namespace === network.namespace);
}

/** A client, where Multus has noted its interface. */
function attached(pod: Named, joining: ReadonlySet<string>): Client | undefined {
  const noted = parseNoted(pod.metadata?.annotations?.[STATUS_ANNOTATION]) ?? [];
  const own = noted.find(({ name }) => joining.has(name));
  return own && { ...podNameOf(pod), addresses: own.ips };
}

function unattached(pod: Named): AbsentClient {
  const reason =
    'it runs, and Multus has not attached it: its packets do not go by the gateway. See Multus on its node, then delete it';
  return { ...podNameOf(pod), starting: false, reason };
}

/** A client that does not run yet: attached already, or not. */
function waiting(
  pod: V1Pod,
  joining: ReadonlySet<string>,
  events: readonly CoreV1Event[],
  now: number,
): Client | AbsentClient {
  const reason = whyPending(pod, events);
  if (reason === undefined) {
    const client = attached(pod, joining);
    if (client !== undefined) return client;
  }
  const starting = reason === undefined && isStarting(pod, now);
  return { ...podNameOf(pod), starting, reason: reason ?? 'it is not attached yet' };
}
