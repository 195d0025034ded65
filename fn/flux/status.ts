import { keyOf, type Condition, type RenderObject, type RenderStatus } from './objects.ts';
import { RENDER_API_VERSION, RENDER_KIND } from './paths.ts';
import type { Reason, Refusal } from './refusal.ts';
import type { SourceArtifact } from './source.ts';

/** The annotation that asks for a reconciliation now (fluxcd/pkg apis/meta, ReconcileRequestAnnotation). */
export const REQUEST_ANNOTATION = 'reconcile.fluxcd.io/requestedAt';

/** The maximum length of the message of a condition (apimachinery meta/v1, Condition). */
const MESSAGE_LENGTH = 32_768;

/** Reasons that are not retried, because a watch reports the change. */
const AWAITED: ReadonlySet<Reason> = new Set<Reason>(['SourceNotFound', 'SourceNotReady']);

/** The published artifact in the status of a GatewayNetworkRender. */
export type PublishedArtifact = NonNullable<RenderStatus['artifact']>;

/** A condition before it is known how long it has been true. */
type Claim = Omit<Condition, 'lastTransitionTime' | 'observedGeneration'>;

/** The status while work is to be done; undefined if it is set already, or if nothing changed. */
export function statusBefore(render: RenderObject, revision: string, now: Date): RenderStatus | undefined {
  const { status = {}, metadata } = render;
  const isNew = status.observedGeneration !== metadata.generation || status.observedSourceRevision !== revision;
  if (!isNew || conditionOf(status, 'Reconciling')?.reason === 'Progressing') return undefined;
  const message = `rendering ${revision}`;
  return withConditions(render, status, now, [
    { type: 'Reconciling', status: 'True', reason: 'Progressing', message },
    { type: 'Ready', status: 'Unknown', reason: 'Progressing', message },
  ]);
}

/** The status after a success. */
export function statusAfter(
  render: RenderObject,
  source: SourceArtifact,
  artifact: PublishedArtifact,
  warnings: readonly string[],
  now: Date,
): RenderStatus {
  const message = [`published ${artifact.revision} of ${source.revision}`, ...warnings].join('\n');
  return withConditions(render, { observedSourceRevision: source.revision, artifact, ...handled(render) }, now, [
    { type: 'Ready', status: 'True', reason: 'Succeeded', message },
  ]);
}

/** The status after a failure. The previous artifact stays published, and the status still names it. */
export function statusRefused(render: RenderObject, refusal: Refusal, now: Date): RenderStatus {
  const { observedSourceRevision, artifact } = render.status ?? {};
  const { reason } = refusal;
  const kept = artifact === undefined ? '' : `\n${artifact.revision} stays published`;
  const message = refusal.message.slice(0, MESSAGE_LENGTH - kept.length) + kept;
  const before = {
    ...(observedSourceRevision !== undefined && { observedSourceRevision }),
    ...(artifact !== undefined && { artifact }),
    ...handled(render),
  };
  return withConditions(render, before, now, [
    refusal.isTransient || AWAITED.has(reason)
      ? { type: 'Reconciling', status: 'True', reason: 'ProgressingWithRetry', message }
      : { type: 'Stalled', status: 'True', reason, message },
    { type: 'Ready', status: 'False', reason, message },
  ]);
}

/** The object to apply, with only the status. */
export function statusObject({ metadata: { namespace, name } }: RenderObject, status: RenderStatus): object {
  return { apiVersion: RENDER_API_VERSION, kind: RENDER_KIND, metadata: { namespace, name }, status };
}

/** Whether a status change deserves an event: the condition Ready has another state or cause. */
export function isNews(before: RenderStatus | undefined, after: RenderStatus): boolean {
  const [was, is] = [before, after].map((status) => conditionOf(status, 'Ready'));
  return was?.status !== is?.status || was?.reason !== is?.reason || was?.message !== is?.message;
}

export function conditionOf(status: RenderStatus | undefined, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** The name of an object in messages. */
export function nameOf({ metadata }: RenderObject): string {
  return `${RENDER_KIND} ${keyOf(metadata)}`;
}

function handled({ metadata: { annotations } }: RenderObject): Pick<RenderStatus, 'lastHandledReconcileAt'> {
  const request = annotations?.[REQUEST_ANNOTATION];
  return request === undefined ? {} : { lastHandledReconcileAt: request };
}

function withConditions(render: RenderObject, status: RenderStatus, now: Date, claims: readonly Claim[]): RenderStatus {
  const { generation = 0 } = render.metadata;
  const conditions = claims.map((claim): Condition => {
    const before = conditionOf(render.status, claim.type);
    const since = before?.status === claim.status ? before.lastTransitionTime : `${now.toISOString().slice(0, 19)}Z`;
    return {
      ...claim,
      message: claim.message.slice(0, MESSAGE_LENGTH),
      observedGeneration: generation,
      lastTransitionTime: since,
    };
  });
  return { ...status, observedGeneration: generation, conditions };
}
