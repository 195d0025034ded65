import { type Check, error, listed, type Observed, ok, unknown } from '../check.ts';
import { configMap } from '../config-maps.ts';
import type { Network } from '../network.ts';
import type { Subject } from '../subject.ts';

/** Of an administrator, and that of the operator. */
const LISTS = ['cni-sysctl-allowlist', 'default-cni-sysctl-allowlist'];

/** Whether the plugin `tuning` may set what routers need, which OpenShift limits by a list. */
export const sysctls: Check = {
  name: 'sysctls',
  why: 'the plugin `tuning` refuses a sysctl that is not on the list of its node: the router stays in ContainerCreating',
  anchor: 'a-sysctl-is-not-allowed',
  examine: (subject) =>
    subject.platform === 'OpenShift'
      ? subject.networks.map((one) => ({ ...allowedBy(one, subject), network: one.label }))
      : [],
};

function allowedBy({ plugins }: Network, { facts }: Subject): Observed {
  if ('unseen' in facts.configMaps) return unknown(`ConfigMaps cannot be seen: ${facts.configMaps.unseen}`);
  const found = LISTS.flatMap((name) => configMap(facts, name) ?? [])[0];
  const list = found?.data?.['allowlist.conf'];
  if (list === undefined) return unknown('the list of the sysctls that OpenShift allows is not seen');
  const patterns = list.split('\n').filter((line) => line.trim() !== '');
  const wanted = plugins.flatMap(({ sysctl }) => Object.keys(sysctl));
  const refused = [...new Set(wanted)].filter((name) => !patterns.some((pattern) => allows(pattern.trim(), name)));
  if (refused.length === 0) return ok('OpenShift allows the sysctls of the routers');
  return error(
    `the ConfigMap ${found?.metadata?.namespace}/${found?.metadata?.name} does not allow ${listed(refused)}`,
    'add these sysctls to its allowlist.conf',
  );
}

/**
 * A line is a regular expression, compared with the name as the attachment writes it: one with IFNAME allows only names
 * with that word, which ours have not (CNI plugins 1.9.1, plugins/meta/tuning/tuning.go).
 */
function allows(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern).test(name);
  } catch {
    return false;
  }
}
