import { parseNetworks } from '../../clients/networks-annotation.ts';
import { NETWORKS_ANNOTATION } from '../../marks.ts';
import { type Check, error, itemsOf, listed, type Observed, ok, unknown } from '../check.ts';
import { multusConfig, type MultusConfig } from '../config-maps.ts';
import { ofKind } from '../kinds.ts';
import type { Network } from '../network.ts';
import type { Subject } from '../subject.ts';

/** Whether clients may name the attachment of another namespace. */
export const namespaceIsolation: Check = {
  name: 'namespace-isolation',
  why: 'with `namespaceIsolation`, Multus refuses pods that name the attachment of another namespace: they do not start',
  anchor: 'multus-isolates-namespaces',
  examine: (subject) => {
    if (subject.networks.length === 0 || subject.multus === undefined) return [];
    const config = configOf(subject);
    if (config === undefined) {
      return [
        unknown(
          'the configuration of Multus is not told by any object that is known: whether it isolates namespaces is not seen',
        ),
      ];
    }
    if (config.namespaceIsolation !== true) return [ok('Multus does not isolate namespaces')];
    return subject.networks.map((one) => ({ ...isolated(one, config, subject), network: one.label }));
  },
};

/** By the thick daemon's ConfigMap, else by the arguments of the thin plugin's pod. */
function configOf({ facts, multus }: Subject): MultusConfig | undefined {
  const config = multusConfig(facts);
  if (config !== undefined) return config;
  const { containers = [] } = multus?.spec?.template.spec ?? {};
  const args = containers.flatMap((one) => [...(one.command ?? []), ...(one.args ?? [])]);
  // Without it, the thin plugin is configured by a file that is there already.
  if (!args.includes('--multus-conf-file=auto')) return undefined;
  const globals = args.find((arg) => arg.startsWith('--global-namespaces='))?.split('=')[1];
  return {
    namespaceIsolation: args.some((arg) => /^--namespace-isolation(?:=true)?$/.test(arg)),
    ...(globals !== undefined && { globalNamespaces: globals }),
  };
}

function isolated(
  { id, label, objects }: Network,
  { globalNamespaces = 'default' }: MultusConfig,
  subject: Subject,
): Observed {
  if (globalNamespaces.split(',').some((name) => name.trim() === id.namespace)) {
    return ok(`Multus isolates namespaces, and lets all name the attachments of ${id.namespace}`);
  }
  const pods = [...subject.objects, ...itemsOf(subject.facts.pods)].flatMap((one) =>
    requestsIn(one).map((value) => ({
      value,
      namespace: one.metadata?.namespace ?? 'default',
      name: one.metadata?.name ?? '',
    })),
  );
  const own = new Set(ofKind(objects, 'NetworkAttachmentDefinition').map(({ metadata }) => metadata?.name));
  const refused = pods.filter(
    ({ value, namespace }) =>
      namespace !== id.namespace &&
      (parseNetworks(value) ?? []).some((one) => one.namespace === id.namespace && own.has(one.name)),
  );
  const { pods: seen } = subject.facts;
  if (refused.length === 0 && 'unseen' in seen)
    return unknown(`Multus isolates namespaces, and pods cannot be seen: ${seen.unseen}`);
  if (refused.length === 0 && 'items' in seen && seen.isCut === true)
    return unknown(
      `Multus isolates namespaces, and of all pods only ${seen.items.length} were looked at: none of them names an attachment of ${label} from another`,
    );
  if (refused.length === 0)
    return ok(`Multus isolates namespaces, and no client is seen that names an attachment of ${label} from another`);
  const names = [...new Set(refused.map(({ namespace, name }) => `${namespace}/${name}`))];
  return error(
    `Multus isolates namespaces, and an attachment of ${id.namespace} is named by ${listed(names)}`,
    'set `attachment: PerNamespace` in `spec.clients`',
  );
}

/** The values of the annotation of Multus, wherever an object has them. */
function requestsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === NETWORKS_ANNOTATION && typeof inner === 'string' ? [inner] : requestsIn(inner),
  );
}
