import { describe, expect, test } from 'vitest';
import type { RenderObject, RenderStatus } from '../../fn/flux/objects.ts';
import { Refusal } from '../../fn/flux/refusal.ts';
import { isNews, statusAfter, statusBefore, statusRefused } from '../../fn/flux/status.ts';

const [THEN, NOW] = [new Date('2026-01-01T00:00:00.5Z'), new Date('2026-01-02T00:00:00.5Z')];
const SOURCE = { url: 'http://x', digest: 'sha256:0', revision: 'main@sha1:1' };
const ARTIFACT = { digest: 'sha256:1', revision: 'latest@sha256:1' };

const render = (status?: RenderStatus, generation = 2, annotations = {}): RenderObject => ({
  metadata: { name: 'x', namespace: 'a', uid: '1', generation, annotations },
  spec: { sourceRef: { kind: 'Bucket', name: 'x' }, path: './', interval: '10m' },
  ...(status && { status }),
});
const summary = ({ conditions = [] }: RenderStatus) =>
  conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`);

describe('the status', () => {
  const after = statusAfter(render(), SOURCE, ARTIFACT, [], THEN);

  test('says that there is work, where spec or source are new', () => {
    const before = statusBefore(render(), SOURCE.revision, THEN);
    expect(before && summary(before)).toEqual(['Reconciling=True Progressing', 'Ready=Unknown Progressing']);
    expect(statusBefore(render(before), SOURCE.revision, NOW)).toBeUndefined();
    expect(statusBefore(render(after), SOURCE.revision, NOW)).toBeUndefined();
    expect(statusBefore(render(after, 3), SOURCE.revision, NOW)).toMatchObject({
      observedGeneration: 3,
      artifact: ARTIFACT,
    });
    expect(statusBefore(render(after), 'main@sha1:2', NOW)).toMatchObject({ observedSourceRevision: SOURCE.revision });
  });

  test('says what is published, of what', () => {
    expect(after).toEqual({
      observedGeneration: 2,
      observedSourceRevision: 'main@sha1:1',
      artifact: ARTIFACT,
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'Succeeded',
          message: 'published latest@sha256:1 of main@sha1:1',
          observedGeneration: 2,
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ],
    });
  });

  test('says why not, and what stays published', () => {
    const status = statusRefused(render(after, 3), new Refusal('RenderFailed', 'bad'), NOW);
    expect(summary(status)).toEqual(['Stalled=True RenderFailed', 'Ready=False RenderFailed']);
    expect(status).toMatchObject({ observedGeneration: 3, observedSourceRevision: 'main@sha1:1', artifact: ARTIFACT });
    expect(status.conditions?.[1]?.message).toBe('bad\nlatest@sha256:1 stays published');
    const transient = statusRefused(render(), new Refusal('FetchFailed', 'bad', true), NOW);
    expect(summary(transient)).toEqual(['Reconciling=True ProgressingWithRetry', 'Ready=False FetchFailed']);
    expect(transient.conditions?.[1]?.message).toBe('bad');
    const awaited = statusRefused(render(), new Refusal('SourceNotReady', 'soon'), NOW);
    expect(summary(awaited)).toEqual(['Reconciling=True ProgressingWithRetry', 'Ready=False SourceNotReady']);
  });

  test('keeps the time of a condition that stays', () => {
    const again = statusAfter(render(after), { ...SOURCE, revision: 'main@sha1:2' }, ARTIFACT, [], NOW);
    expect(again.conditions?.[0]?.lastTransitionTime).toBe('2026-01-01T00:00:00Z');
    const refused = statusRefused(render(after), new Refusal('RenderFailed', 'bad'), NOW);
    expect(refused.conditions?.[1]?.lastTransitionTime).toBe('2026-01-02T00:00:00Z');
  });

  test('hands back the request that it answers', () => {
    const annotations = { 'reconcile.fluxcd.io/requestedAt': 'now' };
    expect(statusAfter(render(undefined, 1, annotations), SOURCE, ARTIFACT, [], NOW).lastHandledReconcileAt).toBe(
      'now',
    );
    expect(
      statusRefused(render(undefined, 1, annotations), new Refusal('RenderFailed', 'bad'), NOW).lastHandledReconcileAt,
    ).toBe('now');
  });

  test('fits, however long the message is', () => {
    const status = statusRefused(render(after), new Refusal('RenderFailed', 'x'.repeat(100_000)), NOW);
    expect(status.conditions?.map(({ message }) => message.length)).toEqual([32_768, 32_768]);
    expect(status.conditions?.[0]?.message.endsWith('stays published')).toBe(true);
  });

  test('is news when Ready changes, or what it says', () => {
    const later = statusAfter(render(after), SOURCE, ARTIFACT, [], NOW);
    expect(isNews(after, later)).toBe(false);
    expect(isNews(undefined, after)).toBe(true);
    expect(isNews(after, statusAfter(render(after), SOURCE, ARTIFACT, ['warning'], NOW))).toBe(true);
  });
});
