import { parseAnswer } from './answer.ts';
import type { Connection } from './connect.ts';
import { get, Missing } from './request.ts';

/** How many objects an answer may have: large lists come in pages. */
const PAGE = 1000;

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
  readonly items?: readonly T[];
  readonly metadata?: { readonly continue?: string };
}

/** All objects of a list, whose path is that of the REST API; none where the cluster does not know the kind. */
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
  try {
    return parseAnswer(await get(connection, path, accept)) as Page<T>;
  } catch (error) {
    if (error instanceof Missing) return {};
    throw error;
  }
}
