import { listOf } from '../yaml/fields.ts';
import { complete } from './complete.ts';
import type { Connection } from './connect.ts';
import { Refusal } from './refusal.ts';
import { Expired, Forbidden, getObject, Missing, notAnApi } from './request.ts';

/** How many objects an answer may have: large lists come in pages. */
const PAGE = 1000;

const OBJECTS = 'application/json';
const METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
/** The groups of kinds that every API server has. */
const EVERYWHERE = /^\/api\/v1\/|^\/apis\/(?:apps|apiextensions\.k8s\.io)\/v1\//;

/** What is asked of a list: which objects, and how much of each. */
export interface Choice {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Only the metadata of each. */
  readonly metadataOnly?: boolean;
}

interface Page {
  readonly kind?: unknown;
  readonly items?: unknown;
  readonly metadata?: { readonly continue?: string };
}

/** All objects of a list, whose path is that of the REST API; none where the cluster does not know the kind. */
export async function list<T>(connection: Connection, path: string, choice: Choice): Promise<readonly T[]> {
  try {
    return await inPages<T>(connection, path, choice);
  } catch (error) {
    // So does client-go: a server keeps the state of the first page for some minutes alone.
    if (error instanceof Expired) return itemsOf(path, await pageOf(connection, path, choice, {})) as readonly T[];
    throw error;
  }
}

/** The first objects of a list, and whether there are more. */
interface First<T> {
  readonly items: readonly T[];
  readonly isCut: boolean;
}

/** Asks for no more than the first objects of a list. */
export async function firstOf<T>(
  connection: Connection,
  path: string,
  choice: Choice,
  most: number,
): Promise<First<T>> {
  const page = await pageOf(connection, path, choice, { limit: String(most) });
  return { items: itemsOf(path, page) as readonly T[], isCut: Boolean(page.metadata?.continue) };
}

async function inPages<T>(connection: Connection, path: string, choice: Choice): Promise<readonly T[]> {
  const items: T[] = [];
  let next: string | undefined;
  do {
    const page = await pageOf(connection, path, choice, { limit: String(PAGE), ...(next && { continue: next }) });
    items.push(...(itemsOf(path, page) as readonly T[]));
    next = page.metadata?.continue;
  } while (next);
  return items;
}

function itemsOf(path: string, { items }: Page): readonly unknown[] {
  return Array.isArray(items) ? items.map((item) => complete(path, item)) : [];
}

/** No items are left out of an answer, as Go writes a list that was never filled: its kind tells that it is one. */
function isList({ kind, items }: Page): boolean {
  return typeof kind === 'string' && kind !== 'Status' && (items === undefined || Array.isArray(items));
}

async function pageOf(
  connection: Connection,
  path: string,
  { metadataOnly = false, ...selectors }: Choice,
  query: Readonly<Record<string, string>>,
): Promise<Page> {
  const text = new URLSearchParams({ ...query, ...selectors }).toString();
  const accept = metadataOnly ? METADATA : OBJECTS;
  try {
    const page = await getObject<Page>(connection, text === '' ? path : `${path}?${text}`, accept);
    if (isList(page)) return page;
    throw notAnApi(connection.server, path, JSON.stringify(page));
  } catch (error) {
    if (error instanceof Forbidden && !(await isServed(connection, path))) return {};
    if (!(error instanceof Missing)) throw error;
    if (EVERYWHERE.test(path)) throw notAnApi(connection.server, path, 'status 404');
    return {};
  }
}

/**
 * Whether a cluster knows a kind: it forbids those, too, that it does not know. Discovery is for all who have logged
 * in.
 */
async function isServed(connection: Connection, path: string): Promise<boolean> {
  const [, group, resource] = /^(\/apis\/[^/]+\/[^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (group === undefined) return true;
  try {
    const { resources } = await getObject<{ readonly resources?: unknown }>(connection, group);
    return !Array.isArray(resources) || listOf(resources).some(({ name }) => name === resource);
  } catch (error) {
    if (error instanceof Refusal) return !(error instanceof Missing);
    throw error;
  }
}
