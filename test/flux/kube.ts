import { request, type Access } from '../api-server/request.ts';

/** Any object, as it comes. */
// oxlint-disable-next-line typescript/no-explicit-any -- objects of many kinds, looked at by tests
export type Any = any;

const SOURCES = '/apis/source.toolkit.fluxcd.io/v1';

/** Where an object of a namespace is. */
export const paths = {
  render: (name: string, namespace = 'default') =>
    `/apis/gatewaynetwork.dev/v1alpha1/namespaces/${namespace}/gatewaynetworkrenders/${name}`,
  artifact: (name: string, namespace = 'default') => `${SOURCES}/namespaces/${namespace}/externalartifacts/${name}`,
  repository: (name: string, namespace = 'default') => `${SOURCES}/namespaces/${namespace}/gitrepositories/${name}`,
  events: (namespace = 'default') => `/api/v1/namespaces/${namespace}/events`,
};

/** Sends something that must succeed. */
export async function call(
  access: Access,
  method: string,
  path: string,
  object?: object,
  type = 'application/json',
): Promise<Any> {
  const { status, text } = await request(access, method, path, object && { type, text: JSON.stringify(object) });
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return JSON.parse(text);
}

/** An object; nothing where there is none. */
export async function get(access: Access, path: string): Promise<Any> {
  const { status, text } = await request(access, 'GET', path);
  if (status === 404) return undefined;
  if (status >= 300) throw new Error(`GET ${path}: ${status} ${text}`);
  return JSON.parse(text);
}

/** Applies an object as a user would. */
export async function put(access: Access, path: string, object: object): Promise<Any> {
  return call(access, 'PATCH', `${path}?fieldManager=test&force=true`, object, 'application/apply-patch+yaml');
}

/** Makes a GatewayNetworkRender; its spec is that of a GitRepository of the same name unless given. */
export async function putRender(access: Access, name: string, spec: object = {}, namespace = 'default'): Promise<Any> {
  return put(access, paths.render(name, namespace), {
    apiVersion: 'gatewaynetwork.dev/v1alpha1',
    kind: 'GatewayNetworkRender',
    metadata: { name, namespace },
    spec: { sourceRef: { kind: 'GitRepository', name }, ...spec },
  });
}

/** The condition of a type. */
export function condition(object: Any, type = 'Ready'): Any {
  return object?.status?.conditions?.find((each: Any) => each.type === type);
}
