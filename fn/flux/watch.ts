import {
  makeInformer,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
} from '@kubernetes/client-node';
import { ApiError, type Api } from './api.ts';
import type { Log } from './log.ts';
import { keyOf, type Metadata } from './objects.ts';
import { messageOf } from './refusal.ts';

/** All objects of a kind, as the API server last returned them. */
export interface Watched<T> {
  readonly get: (key: string) => T | undefined;
  readonly list: () => readonly T[];
  /**
   * Resolves when all objects are known, or when the API server does not know the kind because its
   * CRD is not installed.
   */
  readonly synced: Promise<void>;
  readonly stop: () => void;
}

/** Called for each object that exists at the start, is added, changes or is deleted. */
export type OnChange<T> = (object: T, what: 'add' | 'update' | 'delete') => void;

/**
 * The first and the longest delay between attempts while the API server does not answer, in
 * milliseconds. It doubles each time.
 */
const FIRST = 500;
const LONGEST = 30_000;

/** Watches the objects of a kind in all namespaces, and starts again when a watch ends. */
export function watchAll<T extends { readonly metadata: Metadata }>(
  config: KubeConfig,
  api: Api,
  path: string,
  log: Log,
  onChange: OnChange<T>,
): Watched<T> {
  let sync = (): void => undefined;
  const synced = new Promise<void>((resolve) => {
    sync = resolve;
  });
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const list = async () => {
    const found = await api.list<KubernetesListObject<KubernetesObject>>(path);
    failures = 0;
    // By then the informer has stored them.
    setImmediate(sync);
    return found;
  };
  const informer = makeInformer(config, path, list);
  const again = (error: unknown) => {
    if (isStopped || timer !== undefined) return;
    const isUnknown = (error as Partial<ApiError> | undefined)?.status === 404;
    if (isUnknown) sync();
    if (failures === 0 || !isUnknown) log.info('watch ended', { path, error: messageOf(error) });
    failures += 1;
    const delay = Math.min(LONGEST, FIRST * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
    timer = setTimeout(() => {
      timer = undefined;
      start();
    }, delay);
  };
  const start = () => void informer.start().catch(again);
  for (const what of ['add', 'update', 'delete'] as const) {
    informer.on(what, (object) => {
      failures = 0;
      onChange(object as unknown as T, what);
    });
  }
  informer.on('error', again);
  start();

  return {
    get: (key) => {
      const [namespace = '', name = ''] = key.split('/');
      return informer.get(name, namespace) as unknown as T | undefined;
    },
    list: () => informer.list() as unknown as readonly T[],
    synced,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      void informer.stop();
    },
  };
}

export function keysOf(objects: Iterable<{ readonly metadata: Metadata }>): ReadonlySet<string> {
  return new Set([...objects].map(({ metadata }) => keyOf(metadata)));
}
