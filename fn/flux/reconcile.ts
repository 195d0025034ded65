import { ApiError, type Api } from './api.ts';
import { intervalOf } from './duration.ts';
import { eventAbout } from './event.ts';
import {
  artifactObject,
  artifactStatus,
  artifactStatusObject,
  isDeclared,
  publishes,
  requireOwn,
  revisionOf,
  urlOf,
} from './external-artifact.ts';
import { fetchArchive } from './fetch.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { keyOf, type FluxObject, type RenderObject, type RenderStatus } from './objects.ts';
import { artifactPath, renderPath } from './paths.ts';
import type { Again } from './queue.ts';
import { messageOf, Refusal } from './refusal.ts';
import type { Rendered } from './render-job.ts';
import type { RenderThread } from './render-thread.ts';
import { artifactOf, sourceOf, type SourceArtifact, type SourceId } from './source.ts';
import { conditionOf, isNews, statusAfter, statusBefore, statusObject, statusRefused } from './status.ts';
import type { Store } from './store.ts';

/** What a reconciliation reads and writes. */
export interface ReconcileContext {
  readonly api: Api;
  readonly store: Store;
  readonly thread: RenderThread;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly renderOf: (key: string) => RenderObject | undefined;
  readonly sourceOf: (id: SourceId) => FluxObject | undefined;
  /** Host and port by which consumers reach the server of the store. */
  readonly server: string;
  readonly allowsCrossNamespace: boolean;
  /** Called with what is published, or undefined while that changes: our own change triggers no reconciliation. */
  readonly onPublish: (key: string, published: Published | undefined) => void;
}

/** An ExternalArtifact as we last wrote it. */
export interface Published {
  readonly digest: string;
  /** Later versions are not ours. */
  readonly resourceVersion: string;
}

/** Reconciles one object: renders its source, stores and publishes the artifact, and writes the status. */
export async function reconcile(context: ReconcileContext, key: string): Promise<Again> {
  const { renderOf, store, metrics, log } = context;
  const render = renderOf(key);
  if (render === undefined) {
    await store.remove(key);
    return 'done';
  }
  if (render.spec.suspend) return 'done';
  const started = performance.now();
  let result = 'Succeeded';
  try {
    const done = await attempt(context, render);
    result = done?.reason ?? 'Succeeded';
    return done?.isTransient ? 'retry' : { after: intervalOf(render.spec) };
  } catch (error) {
    // The status could not be written: the API server or the object is gone.
    result = 'Unwritten';
    log.error('reconciliation failed', { object: key, error: messageOf(error) });
    return 'retry';
  } finally {
    metrics.reconciled(result, (performance.now() - started) / 1000);
  }
}

/** Renders and writes the outcome into the status; returns the failure, if any. */
async function attempt(context: ReconcileContext, render: RenderObject): Promise<Refusal | undefined> {
  const { current, status, refusal } = await tryRender(context, render);
  await reportStatus(context, current, render.status, status);
  return refusal;
}

/** The result of an attempt. */
interface Attempt {
  /** The object with its current status. */
  readonly current: RenderObject;
  /** The status to write. */
  readonly status: RenderStatus;
  readonly refusal?: Refusal;
}

async function tryRender(context: ReconcileContext, render: RenderObject): Promise<Attempt> {
  let current = render;
  try {
    const source = sourceFor(context, render);
    const begun = statusBefore(render, source.revision, new Date());
    if (begun !== undefined) {
      await writeStatus(context, render, begun);
      current = { ...render, status: begun };
    }
    const rendered = await renderSource(context, source, render.spec.path);
    await publish(context, current, source, rendered);
    const artifact = { digest: rendered.digest, revision: revisionOf(rendered.digest) };
    return { current, status: statusAfter(current, source, artifact, rendered.warnings, new Date()) };
  } catch (error) {
    const refusal = refusalOf(context, render, error);
    return { current, status: statusRefused(current, refusal, new Date()), refusal };
  }
}

function sourceFor(
  { allowsCrossNamespace, sourceOf: find }: ReconcileContext,
  { spec, metadata }: RenderObject,
): SourceArtifact {
  const id = sourceOf(spec.sourceRef, metadata.namespace, allowsCrossNamespace);
  return artifactOf(id, find(id));
}

async function renderSource(
  { store, thread, metrics }: ReconcileContext,
  source: SourceArtifact,
  path: string,
): Promise<Rendered> {
  return store.withScratch(async (file) => {
    await fetchArchive(source, file);
    const started = performance.now();
    const rendered = await thread.render({ file, path });
    metrics.rendered((performance.now() - started) / 1000);
    return rendered;
  });
}

/** Stores and publishes an archive. If it is published already, this only writes what is missing from the store. */
async function publish(
  context: ReconcileContext,
  render: RenderObject,
  source: SourceArtifact,
  rendered: Rendered,
): Promise<void> {
  const { api, store, server, metrics, onPublish } = context;
  const { digest, bytes } = rendered;
  const key = keyOf(render.metadata);
  const path = artifactPath(key);
  let artifact = await api.get<FluxObject>(path);
  requireOwn(render, artifact);
  if (!(await store.has(key, digest))) await store.put(key, rendered);
  if (!isDeclared(render, artifact)) {
    onPublish(key, undefined);
    artifact = await api.apply<FluxObject>(path, artifactObject(render));
  }
  if (!publishes(artifact, digest, urlOf(key, digest, server))) {
    onPublish(key, undefined);
    const { generation = 0 } = artifact?.metadata ?? {};
    const status = artifactStatus(key, { digest, size: bytes.length }, source, server, generation, new Date());
    artifact = await api.apply<FluxObject>(`${path}/status`, artifactStatusObject(render, status));
    metrics.published();
  }
  onPublish(key, { digest, resourceVersion: artifact?.metadata.resourceVersion ?? '' });
  await store.prune(key, digest);
}

/** Writes the final status, and an event if it changed. */
async function reportStatus(
  context: ReconcileContext,
  render: RenderObject,
  before: RenderStatus | undefined,
  after: RenderStatus,
): Promise<void> {
  await writeStatus(context, render, after);
  const ready = conditionOf(after, 'Ready');
  if (ready === undefined || !isNews(before, after)) return;
  const { reason, message } = ready;
  const { namespace } = render.metadata;
  const [type, level] = ready.status === 'True' ? (['Normal', 'info'] as const) : (['Warning', 'error'] as const);
  const object = keyOf(render.metadata);
  context.log[level](message, { object, reason });
  try {
    const event = eventAbout(render, type, reason, message, new Date());
    await context.api.create(`/api/v1/namespaces/${namespace}/events`, event);
  } catch (error) {
    context.log.error('event', { object, error: messageOf(error) });
  }
}

function writeStatus({ api }: ReconcileContext, render: RenderObject, status: RenderStatus): Promise<unknown> {
  return api.apply(`${renderPath(keyOf(render.metadata))}/status`, statusObject(render, status));
}

/**
 * Turns an error into a refusal. Unknown errors are faults of this program or of the machine: the log has their stack.
 */
function refusalOf({ log }: ReconcileContext, { metadata }: RenderObject, error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof ApiError) return new Refusal('ArtifactFailed', error.message, true);
  log.error('fault', { object: keyOf(metadata), stack: error instanceof Error ? error.stack : String(error) });
  const isStorage = (error as NodeJS.ErrnoException | undefined)?.syscall !== undefined;
  return new Refusal(isStorage ? 'StorageOperationFailed' : 'ArtifactFailed', messageOf(error), true);
}
