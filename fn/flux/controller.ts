import type { KubeConfig } from '@kubernetes/client-node';
import { createApi, type Api } from './api.ts';
import type { Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { keyOf, type FluxObject, type RenderObject } from './objects.ts';
import { collectionPath, RENDER_API_VERSION } from './paths.ts';
import { createQueue, type Queue } from './queue.ts';
import { reconcile, type Published } from './reconcile.ts';
import { messageOf } from './refusal.ts';
import type { RenderThread } from './render-thread.ts';
import { SOURCE_API_VERSION, SOURCE_PLURALS, sourceKey, sourceOf, type SourceId } from './source.ts';
import { conditionOf, REQUEST_ANNOTATION } from './status.ts';
import type { Store } from './store.ts';
import { keysOf, watchAll, type Watched } from './watch.ts';

export interface ControllerOptions {
  readonly config: KubeConfig;
  readonly store: Store;
  readonly thread: RenderThread;
  readonly log: Log;
  /** Host and port by which consumers reach the server of the store. */
  readonly server: string;
  readonly allowsCrossNamespace: boolean;
  /** How many objects are reconciled at the same time. */
  readonly concurrency: number;
  readonly isLeader: () => boolean;
}

/** Keeps the artifacts of all GatewayNetworkRenders up to date with their sources. */
export interface Controller {
  readonly api: Api;
  readonly metrics: Metrics;
  /** Starts work, or continues after {@link pause}. */
  readonly resume: () => void;
  /** Starts no more work until {@link resume}. */
  readonly pause: () => void;
  /** Whether every object has been reconciled since the start. */
  readonly hasSynced: () => boolean;
  /** Starts no more work, and resolves when the running work has ended. */
  readonly stop: () => Promise<void>;
}

/** Creates a controller that does nothing until {@link Controller.resume}. */
export function createController(options: ControllerOptions): Controller {
  const { config, store, thread, log, server, allowsCrossNamespace, concurrency, isLeader } = options;
  const api = createApi(config);
  let watches: Watches | undefined;
  let [isResumed, isSynced, hasSynced] = [false, false, false];

  /** The artifacts that we published, by key. Any other change of an ExternalArtifact is foreign. */
  const published = new Map<string, Published>();
  const metrics = createMetrics({
    depth: () => queue.depth(),
    isLeader,
    renders: () =>
      (watches?.renders.list() ?? []).map(({ metadata: { namespace, name }, status }) => ({
        namespace,
        name,
        isReady: conditionOf(status, 'Ready')?.status === 'True',
      })),
  });
  const queue: Queue = createQueue({
    concurrency,
    groupOf: (key) => {
      const render = watches?.renders.get(key);
      return render === undefined ? key : sourceKey(sourceOf(render.spec.sourceRef, render.metadata.namespace, true));
    },
    handle: (key) =>
      reconcile(
        {
          api,
          store,
          thread,
          metrics,
          log,
          server,
          allowsCrossNamespace,
          renderOf: (wanted) => watches?.renders.get(wanted),
          sourceOf: ({ kind, namespace, name }) => watches?.sources.get(kind)?.get(`${namespace}/${name}`),
          onPublish: (wanted, now) => {
            if (now === undefined) published.delete(wanted);
            else published.set(wanted, now);
          },
        },
        key,
      ),
  });

  const begin = async (): Promise<void> => {
    watches = watchEverything(options, api, queue, published);
    await Promise.all([watches.renders.synced, ...[...watches.sources.values()].map(({ synced }) => synced)]);
    await store.retain(keysOf(watches.renders.list()));
    isSynced = true;
    if (isResumed) queue.resume();
    await queue.idle();
    hasSynced = true;
    log.info('all objects reconciled', { objects: watches.renders.list().length });
  };

  // Nothing is reconciled before all sources are known: an unknown source would count as missing.
  queue.pause();
  return {
    api,
    metrics,
    resume: () => {
      isResumed = true;
      if (isSynced) queue.resume();
      if (watches === undefined)
        void begin().catch((error: unknown) => log.error('start', { error: messageOf(error) }));
    },
    pause: () => {
      isResumed = false;
      queue.pause();
    },
    hasSynced: () => hasSynced,
    stop: async () => {
      await queue.stop();
      for (const watch of [watches?.renders, ...(watches?.sources.values() ?? [])]) watch?.stop();
      await thread.stop();
    },
  };
}

interface Watches {
  readonly renders: Watched<RenderObject>;
  readonly sources: ReadonlyMap<SourceId['kind'], Watched<FluxObject>>;
}

/** Queues an object when the object, its source or its artifact changes in a relevant way. */
function watchEverything(
  { config, log }: ControllerOptions,
  api: Api,
  queue: Queue,
  published: Map<string, Published>,
): Watches {
  const renders = watchAll<RenderObject>(
    config,
    api,
    collectionPath(RENDER_API_VERSION, 'gatewaynetworkrenders'),
    log,
    (render, what) => {
      const key = keyOf(render.metadata);
      if (what === 'delete') {
        queue.forget(key);
        published.delete(key);
      }
      if (what !== 'update' || isUnhandled(render)) queue.add(key);
    },
  );
  const revisions = new Map<string, string>();
  const addConsumers = (id: string) => {
    for (const { spec, metadata } of renders.list()) {
      if (sourceKey(sourceOf(spec.sourceRef, metadata.namespace, true)) === id) queue.add(keyOf(metadata));
    }
  };
  const sources = Object.entries(SOURCE_PLURALS).map(([name, plural]) => {
    const kind = name as SourceId['kind'];
    const watched = watchAll<FluxObject>(
      config,
      api,
      collectionPath(SOURCE_API_VERSION, plural),
      log,
      (source, what) => {
        const key = keyOf(source.metadata);
        const id = sourceKey({ kind, ...source.metadata });
        const artifact = (what === 'delete' ? {} : (source.status?.['artifact'] ?? {})) as Readonly<
          Record<string, string>
        >;
        const revision = `${artifact['revision']} ${artifact['digest']} ${artifact['url']}`;
        if (revisions.get(id) !== revision || what === 'add') addConsumers(id);
        if (what === 'delete') revisions.delete(id);
        else revisions.set(id, revision);
        if (kind !== 'ExternalArtifact') return;
        const ours = published.get(key);
        const isLater = Number(source.metadata.resourceVersion) > Number(ours?.resourceVersion);
        if (isLater && (what === 'delete' || ours?.digest !== artifact['digest'])) queue.add(key);
      },
    );
    return [kind, watched] as const;
  });
  return { renders, sources: new Map(sources) };
}

/**
 * Whether the status does not reflect the spec or the request annotation yet. Our own status updates do not trigger a
 * reconciliation.
 */
function isUnhandled({ metadata: { generation, annotations }, status }: RenderObject): boolean {
  return (
    generation !== status?.observedGeneration || annotations?.[REQUEST_ANNOTATION] !== status?.lastHandledReconcileAt
  );
}
