/** What a GatewayNetwork is called, and the labels and annotations by which what it renders and changes is known again. */

/** What a GatewayNetwork calls itself. */
export const API_GROUP = 'gatewaynetwork.dev';
export const API_VERSION = `${API_GROUP}/v1alpha1`;
export const KIND = 'GatewayNetwork';
/** What the controller for Flux is told by. */
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
/** What stood where we wrote into a client, in YAML, where that cannot be told from what stands there now: `annotations: {}`. */
export const BEFORE_ANNOTATION = 'gatewaynetwork.dev/client-before';
/** The attachment that the pod was given where it is not the network's shared one, by name. */
export const ATTACHMENT_ANNOTATION = 'gatewaynetwork.dev/client-attachment';
/** What we set in the pod's `spec`: the network, a space, and the options with commas between them, such as `egress/vpn dns,inbound`. */
export const OPTIONS_ANNOTATION = 'gatewaynetwork.dev/client-options';
/** With the name of a field of the pod's `spec` behind it: what stood there, in YAML, where that was an empty list or a default. */
export const BEFORE_FIELD_ANNOTATION = `${BEFORE_ANNOTATION}-`;
/** How Multus is told which networks a pod joins (Kubernetes Network Custom Resource Definition De-facto Standard v1.3). */
export const NETWORKS_ANNOTATION = 'k8s.v1.cni.cncf.io/networks';
