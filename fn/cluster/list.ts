import type { Connection } from './connect.ts';
import { getObject, Missing, notAnApi } from './request.ts';

/** How many objects an answer may have: large lists come in pages. */
const PAGE = 1000;

/** Kinds that every cluster knows. */
const BUILT_IN = /^\/(?:api|apis\/apps)\/v1\//;

const OBJECTS = 'application/json';
const METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** What is asked of a list: which objects, and how much of each. */
export interface Choice {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Only the metadata of each. */
  readonly metadataOnly?: boolean;
  /** How many objects at most, in one answer; without it all, in pages. */
  readonly limit?: number;
}

interface Page<T> {
  readonly kind?: unknown;
  readonly items?: readonly T[];
  readonly metadata?: { readonly continue?: string };
}

/**
 * All objects of a list, whose path is that of the REST API; none where the cluster does not know the kind.
 * @throws a refusal where no list comes, as from what is no API server
 */
export async function list<T>(connection: Connection, path: string, choice: Choice): Promise<readonly T[]> {
  const { metadataOnly = false, limit, ...selectors } = choice;
  const items: T[] = [];
  let next = '';
  do {
    const query = new URLSearchParams({
      limit: String(limit ?? PAGE),
      ...selectors,
      ...(next !== '' && { continue: next }),
    });
    const page = await ask<T>(connection, `${path}?${query.toString()}`, metadataOnly ? METADATA : OBJECTS);
    items.push(...(page.items ?? []));
    next = limit === undefined ? (page.metadata?.continue ?? '') : '';
  } while (next !== '');
  return items;
}

async function ask<T>(connection: Connection, path: string, accept: string): Promise<Page<T>> {
  let page: Page<T>;
  try {
    page = await getObject(connection, path, accept);
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    if (BUILT_IN.test(path)) throw notAnApi(connection.server, path, 'status 404');
    return {};
  }
  if (!String(page.kind).endsWith('List')) throw notAnApi(connection.server, path, JSON.stringify(page));
  return page;
}
