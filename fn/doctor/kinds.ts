import type {
  V1ConfigMap,
  V1DaemonSet,
  V1Deployment,
  V1ResourceQuota,
  V1RoleBinding,
  V1Secret,
} from '@kubernetes/client-node';
import type { Custom, Manifest } from '../cluster/facts.ts';

/** The kinds that are looked at among the objects of networks, and of an input. */
interface Kinds {
  readonly ConfigMap: V1ConfigMap;
  readonly DaemonSet: V1DaemonSet;
  readonly Deployment: V1Deployment;
  readonly Link: Custom<{ readonly vxlan?: { readonly vnid: number; readonly port: number } }>;
  readonly MutatingAdmissionPolicy: Manifest;
  readonly Namespace: Manifest;
  readonly NetworkAttachmentDefinition: Custom<{ readonly config?: string }>;
  readonly NetworkPolicy: Manifest;
  readonly PriorityClass: Manifest;
  readonly ResourceQuota: V1ResourceQuota;
  readonly RoleBinding: V1RoleBinding;
  readonly Secret: V1Secret;
  readonly ValidatingAdmissionPolicy: Manifest;
}

/** Those of a kind. */
export function ofKind<Kind extends keyof Kinds>(objects: readonly Manifest[], kind: Kind): readonly Kinds[Kind][] {
  return objects.filter((one) => one.kind === kind) as readonly object[] as readonly Kinds[Kind][];
}
