import { nameOf } from '../changes/manifest.ts';
import type { Observation } from '../cluster/observation.ts';
import type { Surroundings } from '../cluster/surroundings.ts';
import { fieldsOf } from '../yaml/fields.ts';
import { labelOf, type NetworkId, ownedBy } from '../status/owner.ts';
import { plain } from '../status/paint.ts';
import { statusOf } from '../status/status.ts';
import { formatStatus } from '../status/text.ts';
import { type AllTold, NONE_TOLD, toldBy } from '../status/told.ts';
import { safeMetadata } from './safe-metadata.ts';
import { safeObservation } from './safe-objects.ts';
import { safeTold } from './safe-told.ts';
import { stateLines } from './words.ts';

const README = `What gateway-network-fn gather has collected for a bug report.

versions.json          the releases of this program and of Kubernetes, and the nodes
NETWORK/status.txt     what the verb status tells
NETWORK/status.json    the same, as JSON
NETWORK/objects.json   DaemonSet and Deployments, agents and routers, events of their probes
NETWORK/config/        the configuration of agents and routers, where it is as it was rendered
NETWORK/logs/          what our programs have said of their state
NETWORK/reports/       what agents and routers have told of themselves when they were asked

Only fields that are named in the program are copied. There are no Secrets, no environment, no arguments, no
annotations or labels of others, no configuration of a VPN, and of the containers of others only name and image.
There are names and addresses of pods, nodes and networks: read it before you send it.
`;

/**
 * The files of an archive about some networks, by their paths. `now` is in milliseconds, as of `Date.now()`; programs
 * may have told something, too.
 */
export function archiveFiles(
  networks: readonly NetworkId[],
  observation: Observation,
  surroundings: Surroundings,
  now: number,
  told: AllTold = NONE_TOLD,
): ReadonlyMap<string, string> {
  const safe = safeObservation(observation);
  const safely = { observation: safe, told: safeTold(safe.pods, safe.configMaps, told) };
  const files = networks.flatMap((network) => filesOf(network, safely, surroundings, now));
  return new Map([['README.txt', README], ['versions.json', json(versionsOf(surroundings))], ...files]);
}

/** Of which nothing is left out any more. */
interface Safe {
  readonly observation: Observation;
  readonly told: AllTold;
}

function filesOf(
  network: NetworkId,
  { observation: safe, told }: Safe,
  { logs }: Surroundings,
  now: number,
): readonly (readonly [string, string])[] {
  const folder = labelOf(network).replace('/', '.');
  const status = statusOf(network, safe, now, told);
  const pods = ownedBy(network, safe.pods);
  const uids = new Set(pods.map(({ metadata }) => metadata?.uid));
  const objects = {
    daemonSets: ownedBy(network, safe.daemonSets),
    deployments: ownedBy(network, safe.deployments),
    attachments: ownedBy(network, safe.attachments),
    pods,
    events: safe.events.filter(({ involvedObject: { uid } }) => uids.has(uid)),
  };
  const configurations = ownedBy(network, safe.configMaps).flatMap(({ metadata, data = {} }) =>
    Object.entries(data).map(([key, text]) => [`${folder}/config/${metadata?.name}/${key}`, text] as const),
  );
  const names = new Set(pods.map(({ metadata = {} }) => nameOf(metadata)));
  const own = logs.filter(({ namespace, pod }) => names.has(`${namespace}/${pod}`));
  return [
    [`${folder}/status.txt`, formatStatus(status, plain, now)],
    [`${folder}/status.json`, json(status)],
    [`${folder}/objects.json`, json(objects)],
    ...configurations,
    ...own.map(
      ({ pod, container, text }) => [`${folder}/logs/${pod}.${container}.txt`, stateLines(container, text)] as const,
    ),
    ...pods.flatMap((pod) => {
      const report = toldBy(pod, told);
      const isEmpty = Object.keys(report).length === 0;
      return isEmpty ? [] : [[`${folder}/reports/${pod.metadata?.name}.json`, json(report)] as const];
    }),
  ];
}

/** Of nodes, what their kubelets say of the machine. */
function versionsOf({ kubernetes = 'not known', nodes = [] }: Surroundings): object {
  return {
    gatewayNetworkFn: __VERSION__,
    kubernetes,
    nodes: nodes.map((node) => {
      const { nodeInfo } = fieldsOf('status' in node ? node.status : undefined);
      const { kernelVersion, osImage, containerRuntimeVersion, kubeletVersion, architecture } = fieldsOf(nodeInfo);
      const { name } = safeMetadata(node);
      return { name, kernelVersion, osImage, containerRuntimeVersion, kubeletVersion, architecture };
    }),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
