import { type Check, error, itemsOf, listed, type Observed, unknown } from '../check.ts';
import type { Subject } from '../subject.ts';

/** What Talos comes with (Talos, "Multus CNI"). */
const OF_TALOS = ['bridge', 'firewall', 'flannel', 'host-local', 'loopback', 'portmap'];

/** Whether the CNI plugins that the attachments name are on the nodes. */
export const cniPlugins: Check = {
  name: 'cni-plugins',
  why: 'a pod whose attachment names a plugin that is not on its node stays in ContainerCreating',
  anchor: 'a-cni-plugin-is-missing',
  examine: (subject) => {
    const needed = neededBy(subject);
    if (needed.length === 0) return [];
    const faults = missingOf(subject);
    return faults.length > 0 ? faults : [untold(needed, subject)];
  },
};

function neededBy({ networks }: Subject): readonly string[] {
  const types = networks.flatMap(({ plugins }) => plugins.flatMap(({ type, ipam }) => [type, ipam.type]));
  return [...new Set(types.filter((type) => type !== undefined))].toSorted();
}

/** What container runtimes have said in the last hour, in the words of libcni, of pods that do not run yet. */
function missingOf({ facts }: Subject): readonly Observed[] {
  const running = new Set(itemsOf(facts.pods).map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`));
  const found = itemsOf(facts.failures).flatMap(({ message = '', source, involvedObject }) => {
    const pod = `${involvedObject.namespace}/${involvedObject.name}`;
    const [, plugin] = /failed to find plugin "([^"]+)" in path/.exec(message) ?? [];
    return plugin === undefined || running.has(pod) ? [] : [{ plugin, where: source?.host ?? pod }];
  });
  return [...new Set(found.map(({ plugin }) => plugin))].map((plugin) => {
    const places = [...new Set(found.filter((one) => one.plugin === plugin).map(({ where }) => where))];
    return error(
      `the CNI plugin ${plugin} was not found on ${listed(places)}`,
      `install the CNI plugin ${plugin} on every node`,
    );
  });
}

function untold(needed: readonly string[], { facts, platform }: Subject): Observed {
  if ('unseen' in facts.failures) return unknown(`events cannot be seen: ${facts.failures.unseen}`);
  const strange =
    platform === 'Talos' ? needed.filter((type) => !OF_TALOS.includes(type) && type !== 'whereabouts') : [];
  return unknown(
    `no event tells of a missing plugin, and files on a node are not told by the API; needed are ${needed.join(', ')}${strange.length > 0 ? `, and Talos does not come with ${strange.join(', ')}` : ''}`,
    'ls /opt/cni/bin on the nodes, or the folder of the distribution: `bridge` and `tuning` must be of release 1.0 or later',
  );
}
