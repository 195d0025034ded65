import type { GatewayNetworkRender } from './generated/gateway-network-render.ts';

/** Metadata as the API server returns it. */
export interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation?: number;
  readonly resourceVersion?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly uid: string; readonly controller?: boolean }[];
}

/** A condition (k8s.io/apimachinery meta/v1, Condition). */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
  /** RFC 3339. */
  readonly lastTransitionTime: string;
}

/** The status of a GatewayNetworkRender; docs/flux-reference.md says what the fields mean. */
export interface RenderStatus {
  readonly observedGeneration?: number;
  readonly observedSourceRevision?: string;
  readonly lastHandledReconcileAt?: string;
  readonly artifact?: { readonly digest: string; readonly revision: string };
  readonly conditions?: readonly Condition[];
}

/** A GatewayNetworkRender as the API server returns it, with its defaults. */
export interface RenderObject {
  readonly metadata: Metadata;
  readonly spec: GatewayNetworkRender['spec'] & { readonly path: string; readonly interval: string };
  readonly status?: RenderStatus;
}

/** An object of a Flux kind, with the fields that we read. */
export interface FluxObject {
  readonly metadata: Metadata;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** Namespace and name as one string, unique within a kind. */
export function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}
