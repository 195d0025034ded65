import { parse } from 'yaml';
import { type Access, type Answer, request } from './request.ts';

/** What is read of any object. */
export interface ClusterObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly resourceVersion?: string;
    readonly managedFields?: readonly object[];
  };
}

interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/**
 * The path of an object at the API server, for a namespaced one without a namespace in `default`.
 * Throws where its kind is not known.
 */
export async function pathOf(access: Access, object: ClusterObject): Promise<string> {
  const { apiVersion, kind, metadata } = object;
  const group = `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}`;
  const { resources = [] } = JSON.parse((await request(access, 'GET', group)).text) as {
    resources?: readonly ApiResource[];
  };
  const resource = resources.find((one) => one.kind === kind && !one.name.includes('/'));
  if (resource === undefined) throw new Error(`the API server does not know ${apiVersion} ${kind}`);
  const scope = resource.namespaced ? `/namespaces/${metadata.namespace ?? 'default'}` : '';
  return `${group}${scope}/${resource.name}/${metadata.name}`;
}

/**
 * Applies one document, the bytes as they are, server-side and with strict validation of fields, as
 * a manager that takes nothing by force.
 */
export async function apply(access: Access, document: string): Promise<Answer> {
  const path = await pathOf(access, parse(document) as ClusterObject);
  const query = 'fieldManager=gateway-network-fn&fieldValidation=Strict';
  return request(access, 'PATCH', `${path}?${query}`, { type: 'application/apply-patch+yaml', text: document });
}

/**
 * Like {@link apply}, for what must succeed without a warning: gives the object as it is stored.
 * Throws what the server said otherwise.
 */
export async function applied(access: Access, document: string): Promise<ClusterObject> {
  const { status, warnings, text } = await apply(access, document);
  if (status >= 300 || warnings.length > 0) {
    throw new Error(`${status} ${warnings.join(' ')} ${text}\n\nwhen this was applied:\n${document}`);
  }
  return JSON.parse(text) as ClusterObject;
}

/** Removes an object at once. */
export async function remove(access: Access, object: ClusterObject): Promise<void> {
  const path = await pathOf(access, object);
  const { status, text } = await request(access, 'DELETE', `${path}?gracePeriodSeconds=0&propagationPolicy=Background`);
  if (status >= 300 && status !== 404) throw new Error(`${status} ${text}`);
}
