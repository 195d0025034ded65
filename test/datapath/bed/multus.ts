import type { ConfigList } from './cni.ts';

/**
 * The annotation by which a pod asks for networks beside its primary one (Kubernetes network custom
 * resource definition v1.3).
 */
export const NETWORKS = 'k8s.v1.cni.cncf.io/networks';

/** One network that a pod asks for, and the interface that it is to have. */
export interface NetworkSelection {
  readonly namespace: string;
  readonly name: string;
  readonly interface: string;
  /** What the pod has the plugins told besides. */
  readonly 'cni-args'?: Readonly<Record<string, unknown>>;
}

/** A NetworkAttachmentDefinition, as far as it is read. */
export interface Definition {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: { readonly config?: string };
}

/** What Multus takes for a name, a namespace or an interface. */
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/**
 * Reads the annotation in each of its forms: `name`, `namespace/name`, `name@interface`, several
 * of them with commas, or a JSON
 * list. `default-route` in JSON changes nothing: since Multus 4.2.2 no route is removed (its issue 1444).
 */
export function readSelections(annotation: string, namespace: string): NetworkSelection[] {
  const selections = /^\s*[[{]/.test(annotation)
    ? [JSON.parse(annotation)].flat().map((entry) => ({ namespace, ...entry }))
    : annotation.split(',').map((text) => readShort(text.trim(), namespace));
  return selections.map((selection, index) =>
    check({ ...selection, interface: selection.interface ?? `net${index + 1}` }),
  );
}

function readShort(text: string, namespace: string): Omit<NetworkSelection, 'interface'> & { interface?: string } {
  const [path = '', ifname] = text.split('@');
  const [name = '', space = namespace] = path.split('/').toReversed();
  return { namespace: space, name, ...(ifname && { interface: ifname }) };
}

function check(selection: NetworkSelection): NetworkSelection {
  for (const name of [selection.namespace, selection.name, selection.interface]) {
    if (!NAME.test(name)) throw new Error(`Multus does not take the name '${name}'`);
  }
  return selection;
}

/**
 * The configuration of the network that is meant, with the pod's `cni-args` in each of its plugins,
 * over those that are there.
 */
export function findConfig(definitions: readonly Definition[], selection: NetworkSelection): ConfigList {
  const { namespace, name, 'cni-args': args } = selection;
  const found = definitions.find(
    ({ kind, metadata }) =>
      kind === 'NetworkAttachmentDefinition' && metadata.name === name && metadata.namespace === namespace,
  );
  if (!found?.spec?.config) throw new Error(`there is no NetworkAttachmentDefinition ${namespace}/${name}`);
  const config = JSON.parse(found.spec.config) as ConfigList;
  if (!args) return config;
  return { ...config, plugins: config.plugins.map((plugin) => withArguments(plugin, args)) };
}

function withArguments(plugin: ConfigList['plugins'][number], given: object): ConfigList['plugins'][number] {
  const args = (plugin['args'] ?? {}) as { readonly cni?: object };
  return { ...plugin, args: { ...args, cni: { ...args.cni, ...given } } };
}
