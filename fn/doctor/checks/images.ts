import type { V1Node } from '@kubernetes/client-node';
import { type Check, error, listed, type Observed, ok, unknown } from '../check.ts';
import { type Network, podsOf } from '../network.ts';
import { spannedNodes } from '../selected-nodes.ts';
import type { Subject } from '../subject.ts';

/** What the node image is built for. */
const ARCHITECTURES = ['amd64', 'arm64'];

/** Whether images of agents and routers are for the nodes, and already there. */
export const images: Check = {
  name: 'images',
  why: 'a pod whose image is not pulled does not start',
  anchor: 'the-image-is-not-on-the-nodes',
  examine: (subject) =>
    subject.networks.flatMap((one) => examineNetwork(one, subject).map((seen) => ({ ...seen, network: one.label }))),
};

function examineNetwork(network: Network, { facts }: Subject): readonly Observed[] {
  if ('unseen' in facts.nodes) return [unknown(`nodes cannot be seen: ${facts.nodes.unseen}`)];
  const nodes = spannedNodes(facts, [network]);
  if (nodes.length === 0)
    return [unknown('the network spans no node: whether its images are for its nodes is not known')];
  const strange = nodes.filter(({ status }) => !ARCHITECTURES.includes(status?.nodeInfo?.architecture ?? 'amd64'));
  if (strange.length > 0) {
    const names = strange.map(({ metadata, status }) => `${metadata?.name} (${status?.nodeInfo?.architecture})`);
    return [
      error(
        `the node image is for ${ARCHITECTURES.join(' and ')}, not for ${listed(names)}`,
        'leave these nodes out by `spec.nodes.selector`',
      ),
    ];
  }
  const used = podsOf(network).flatMap(({ initContainers = [], containers }) =>
    [...initContainers, ...containers].map(({ image }) => image ?? ''),
  );
  return [...new Set(used)].map((image) => presenceOf(image, nodes, network));
}

/** A kubelet tells of the fifty largest images. */
function presenceOf(image: string, nodes: readonly V1Node[], network: Network): Observed {
  const without = nodes.filter(
    ({ status }) => !(status?.images ?? []).some(({ names = [] }) => names.some((name) => isSame(name, image))),
  );
  if (without.length === 0) return ok(`${image} is on all of its nodes`);
  const secrets = podsOf(network).flatMap(({ imagePullSecrets = [] }) =>
    imagePullSecrets.flatMap(({ name }) => name ?? []),
  );
  const by = secrets.length > 0 ? `with the Secret ${[...new Set(secrets)].join(', ')}` : 'without a Secret';
  return unknown(
    `${image} is not told to be on ${listed(without.map(({ metadata }) => metadata?.name ?? ''))}, and will be pulled ${by}: only a pull shows whether it can be`,
    'pull it on a node, or see whether the registry has it for the architecture of the nodes',
  );
}

/** A container runtime has the full name of an image; a spec may leave out the registry and the folder of Docker's. */
function isSame(name: string, image: string): boolean {
  return [image, `docker.io/${image}`, `docker.io/library/${image}`].includes(name);
}
