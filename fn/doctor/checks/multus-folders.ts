import { type Check, error, type Observed, ok } from '../check.ts';
import { multusConfig } from '../config-maps.ts';
import { hostPaths, nameOf } from '../daemons.ts';
import type { Network } from '../network.ts';
import type { Subject } from '../subject.ts';

/** Where containerd of a distribution looks for configurations, and its documentation says that Multus must write. */
const CONFIGURATIONS = {
  k3s: '/var/lib/rancher/k3s/agent/etc/cni/net.d',
  MicroK8s: '/var/snap/microk8s/current/args/cni-network',
} as const;
/** The folder that Multus keeps its files in, unless told otherwise (Multus, "Configuration": `cniDir`). */
const CNI_DIR = '/var/lib/cni/multus';

/** Whether Multus uses the folders of the nodes that the distribution, and the agents, use. */
export const multusFolders: Check = {
  name: 'multus-folders',
  why: 'a container runtime reads one folder, and an agent lets only pods on the network whose files it finds',
  anchor: 'multus-uses-other-folders',
  examine: (subject) => {
    if (subject.multus === undefined) return [];
    return [
      ...ofDistribution(subject),
      ...ofTalos(subject),
      ...subject.networks.flatMap((one) => cniDirOf(one, subject)),
    ];
  },
};

function ofDistribution({ multus, platform, primary }: Subject): readonly Observed[] {
  const wanted = Object.entries(CONFIGURATIONS).find(([name]) => name === platform)?.[1];
  // k3s with another CNI than its own has the usual folders.
  if (multus === undefined || wanted === undefined || (platform === 'k3s' && primary?.name !== 'the flannel of k3s'))
    return [];
  const paths = hostPaths(multus);
  // A revision of the snap may be named instead of the current one.
  const isThere = paths.some((path) => path.replace(/(?<=^\/var\/snap\/microk8s\/)\d+(?=\/)/, 'current') === wanted);
  if (isThere) return [ok(`Multus writes to ${wanted}, as ${platform} reads it`)];
  return [
    error(
      `${platform} reads configurations in ${wanted}, which the ${nameOf(multus)} does not mount; it mounts ${paths.filter((path) => path.includes('cni')).join(', ') || 'none'}`,
      `install Multus as the documentation of ${platform} says`,
    ),
  ];
}

/** Talos has the network namespaces of pods below /var/run (Talos, "Multus CNI"). */
function ofTalos({ multus, platform }: Subject): readonly Observed[] {
  if (multus === undefined || platform !== 'Talos' || !hostPaths(multus).includes('/run/netns')) return [];
  return [
    error(
      `the ${nameOf(multus)} mounts /run/netns, and Talos has the network namespaces of pods in /var/run/netns`,
      'change the path of its volume host-run-netns to /var/run/netns, as the documentation of Talos says',
    ),
  ];
}

/**
 * The thick daemon writes in its own pod: what it does not mount is not on the node. The thin plugin runs on the node.
 */
function cniDirOf({ label, agentConfig }: Network, { multus, facts }: Subject): readonly Observed[] {
  const results = agentConfig?.cniResults;
  const config = multusConfig(facts);
  if (results === undefined || multus === undefined || config === undefined) return [];
  const wanted = results.replace(/\/results$/, '');
  const { cniDir = CNI_DIR } = config;
  const advice = 'set `spec.agent.daemonSet.cniDir` to the folder of the node where Multus keeps its files';
  const seen =
    cniDir !== wanted
      ? error(`Multus keeps its files in ${cniDir}, and the agents look in ${wanted}`, advice)
      : hostPaths(multus).some((path) => wanted === path || wanted.startsWith(`${path}/`))
        ? ok(`Multus keeps its files in ${wanted}`)
        : error(
            `the ${nameOf(multus)} does not mount ${wanted}, where the agents look for its files`,
            'mount that folder of the node in its pods',
          );
  return [{ ...seen, network: label }];
}
