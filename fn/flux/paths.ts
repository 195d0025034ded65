import { SOURCE_API_VERSION } from './source.ts';

/** The API of GatewayNetworkRenders, as `group/version`. */
export const RENDER_API_VERSION = 'gatewaynetwork.dev/v1alpha1';
export const RENDER_KIND = 'GatewayNetworkRender';

/** The path at which objects of all namespaces are listed and watched. */
export function collectionPath(apiVersion: string, plural: string): string {
  return `/apis/${apiVersion}/${plural}`;
}

/** The path of one object, by its key `NAMESPACE/NAME`. */
export function objectPath(apiVersion: string, plural: string, key: string): string {
  const [namespace = '', name = ''] = key.split('/');
  return `/apis/${apiVersion}/namespaces/${namespace}/${plural}/${name}`;
}

/** The path of a GatewayNetworkRender. */
export function renderPath(key: string): string {
  return objectPath(RENDER_API_VERSION, 'gatewaynetworkrenders', key);
}

/** The path of the ExternalArtifact of a GatewayNetworkRender. */
export function artifactPath(key: string): string {
  return objectPath(SOURCE_API_VERSION, 'externalartifacts', key);
}
