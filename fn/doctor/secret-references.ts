import type { V1Container, V1PodSpec, V1Volume } from '@kubernetes/client-node';
import { type Network, podsOf } from './network.ts';

/** A Secret that a network needs, and the keys of it that its pods name. */
export interface SecretReference {
  readonly namespace: string;
  readonly name: string;
  readonly keys: readonly string[];
}

/** Those of agents and routers, each once; without those that a pod starts without. */
export function secretsOf(network: Network): readonly SecretReference[] {
  const { namespace } = network.id;
  const uses = podsOf(network).flatMap(usesOf);
  const names = [...new Set(uses.map(({ name }) => name))];
  return names.map((name) => ({
    namespace,
    name,
    keys: [...new Set(uses.filter((use) => use.name === name).flatMap(({ keys }) => keys))],
  }));
}

interface Use {
  readonly name: string;
  readonly keys: readonly string[];
}

function usesOf({ imagePullSecrets = [], volumes = [], initContainers = [], containers }: V1PodSpec): readonly Use[] {
  return [
    ...imagePullSecrets.flatMap(({ name }) => (name === undefined ? [] : [{ name, keys: [] }])),
    ...volumes.flatMap(usesOfVolume),
    ...[...initContainers, ...containers].flatMap(usesOfContainer),
  ];
}

function usesOfVolume({ secret, projected }: V1Volume): readonly Use[] {
  const sources = [
    ...(secret === undefined ? [] : [{ name: secret.secretName, items: secret.items, optional: secret.optional }]),
    ...(projected?.sources ?? []).flatMap((source) => source.secret ?? []),
  ];
  return sources.flatMap(({ name, items = [], optional }) =>
    name === undefined || optional === true ? [] : [{ name, keys: items.map(({ key }) => key) }],
  );
}

function usesOfContainer({ envFrom = [], env = [] }: V1Container): readonly Use[] {
  const whole = envFrom.flatMap(({ secretRef }) => secretRef ?? []).map((one) => ({ ...one, keys: [] as string[] }));
  const single = env
    .flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? [])
    .map((one) => ({ ...one, keys: [one.key] }));
  return [...whole, ...single].flatMap(({ name, keys, optional }) =>
    name === undefined || optional === true ? [] : [{ name, keys }],
  );
}
