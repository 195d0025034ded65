import type { V1Container, V1EnvVar } from '@kubernetes/client-node';
import type { Manifests } from './manifests.ts';
import { dataOf } from './object-data.ts';

/** What a pod's variables may be taken from. */
export interface EnvironmentSource {
  readonly manifests: Manifests;
  readonly kubernetesNamespace: string;
  /** The values of the pod's own fields, by their path, such as `status.podIP`. */
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * The environment of a container, as the kubelet makes it: whole Secrets and ConfigMaps first,
 * single variables over them.
 */
export function environment(
  { env = [], envFrom = [] }: V1Container,
  source: EnvironmentSource,
): Record<string, string> {
  const { manifests, kubernetesNamespace: namespace } = source;
  const whole = envFrom.flatMap(({ prefix = '', secretRef, configMapRef }) => {
    const data = secretRef
      ? dataOf(manifests, { kind: 'Secret', name: secretRef.name, namespace, optional: secretRef.optional })
      : dataOf(manifests, { kind: 'ConfigMap', name: configMapRef?.name, namespace, optional: configMapRef?.optional });
    return Object.entries(data).map(([key, value]) => [`${prefix}${key}`, value] as const);
  });
  const single = env.flatMap((variable) => {
    const value = valueOf(variable, source);
    return value === undefined ? [] : [[variable.name, value] as const];
  });
  return Object.fromEntries([...whole, ...single]);
}

/** Nothing where it is of an optional object that has it not. */
function valueOf({ name, value, valueFrom }: V1EnvVar, source: EnvironmentSource): string | undefined {
  if (!valueFrom) return value ?? '';
  const { fieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
  if (fieldRef) {
    const field = source.fields[fieldRef.fieldPath];
    if (field === undefined) throw new Error(`${name}: the pod has no field ${fieldRef.fieldPath}`);
    return field;
  }
  const key = secretKeyRef ?? configMapKeyRef;
  if (!key) throw new Error(`${name}: only fields of the pod, Secrets and ConfigMaps can be referred to`);
  const found = dataOf(source.manifests, {
    kind: secretKeyRef ? 'Secret' : 'ConfigMap',
    name: key.name,
    namespace: source.kubernetesNamespace,
    optional: key.optional,
  })[key.key];
  if (found === undefined && !key.optional) throw new Error(`${name}: ${key.name} has no key ${key.key}`);
  return found;
}
