/** The names of our API, and the labels and annotations that mark what we render and change. */

/** The API of a GatewayNetwork. */
export const API_GROUP = 'gatewaynetwork.dev';
export const API_VERSION = `${API_GROUP}/v1alpha1`;
export const KIND = 'GatewayNetwork';
/** The kind of the controller for Flux. */
export const RENDER_KIND = 'GatewayNetworkRender';

/** Whether an object is a GatewayNetwork, in any version. */
export function isNetwork({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): boolean {
  return kind === KIND && apiVersion.startsWith(`${API_GROUP}/`);
}

/** The network that rendered an object, by name. The owning network lives in the object's own namespace. */
export const NETWORK_LABEL = 'gatewaynetwork.dev/network';
/** The namespace of the network that rendered an object which is not in it, or in none. */
export const NETWORK_NAMESPACE_ANNOTATION = `${API_GROUP}/network-namespace`;
/** The network that added the Multus annotation to a workload, as `namespace/name` or `name`, on the pod template. */
export const CLIENT_ANNOTATION = 'gatewaynetwork.dev/client-of';
/** Written by the first release: the previous value of a field of a client, in YAML. It is removed with the client. */
export const BEFORE_ANNOTATION = 'gatewaynetwork.dev/client-before';
/** The name of the pod's attachment, where it is not the shared one of the network. */
export const ATTACHMENT_ANNOTATION = 'gatewaynetwork.dev/client-attachment';
/**
 * The fields that we set in the pod's `spec`: network and comma-separated options, such as
 * `egress/vpn dns,inbound`.
 */
export const OPTIONS_ANNOTATION = 'gatewaynetwork.dev/client-options';
/** Prefix, followed by a field of the pod's `spec`. Written by the first release: the previous value, in YAML. */
export const BEFORE_FIELD_ANNOTATION = `${BEFORE_ANNOTATION}-`;
/**
 * How Multus is told which networks a pod joins (Kubernetes Network Custom Resource Definition
 * De-facto Standard v1.3).
 */
export const NETWORKS_ANNOTATION = 'k8s.v1.cni.cncf.io/networks';
