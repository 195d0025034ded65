import { SOURCE_API_VERSION } from './source.ts';

/** The API of GatewayNetworkRenders, as `group/version`. */
export const RENDER_API_VERSION = 'gatewaynetwork.dev/v1alpha1';
/** Their kind. */
export const RENDER_KIND = 'GatewayNetworkRender';

/** Where objects of all namespaces are listed and watched. */
export function collectionPath(apiVersion: string, plural: string): string {
  return `/apis/${apiVersion}/${plural}`;
}

/** Where one object is, by its key `NAMESPACE/NAME`. */
export function objectPath(apiVersion: string, plural: string, key: string): string {
  const [namespace = '', name = ''] = key.split('/');
  return `/apis/${apiVersion}/namespaces/${namespace}/${plural}/${name}`;
}

/** Where a GatewayNetworkRender is. */
export function renderPath(key: string): string {
  return objectPath(RENDER_API_VERSION, 'gatewaynetworkrenders', key);
}

/** Where the ExternalArtifact of a GatewayNetworkRender is. */
export function artifactPath(key: string): string {
  return objectPath(SOURCE_API_VERSION, 'externalartifacts', key);
}
