import { describe, expect, test } from 'vitest';
import { artifactOf, sourceKey, sourceOf } from '../../fn/flux/source.ts';
import { intervalOf, milliseconds } from '../../fn/flux/duration.ts';

const METADATA = { name: 'x', namespace: 'a', uid: '1' };
const ID = { kind: 'Bucket', namespace: 'a', name: 'x' } as const;

describe('a source', () => {
  test('is one of the own namespace unless it names another', () => {
    expect(sourceOf({ kind: 'Bucket', name: 'x' }, 'a', false)).toEqual(ID);
    expect(sourceKey(sourceOf({ kind: 'GitRepository', name: 'x', namespace: 'b' }, 'a', true))).toBe(
      'GitRepository b/x',
    );
    expect(sourceOf({ kind: 'Bucket', name: 'x', namespace: 'a' }, 'a', false)).toEqual(ID);
  });

  test('of another namespace is refused where that is not allowed', () => {
    expect(() => sourceOf({ kind: 'Bucket', name: 'x', namespace: 'b' }, 'a', false)).toThrow(
      expect.objectContaining({
        reason: 'AccessDenied',
        isTransient: false,
        message:
          'spec.sourceRef.namespace is "b" and must be "a", the object\'s own: the controller runs with --no-cross-namespace-refs',
      }),
    );
  });

  test('has an artifact, or says why not', () => {
    const artifact = { url: 'http://x', digest: 'sha256:0', revision: 'main@sha1:1' };
    expect(artifactOf(ID, { metadata: METADATA, status: { artifact: { ...artifact, size: 1 } } })).toEqual(artifact);
    expect(() => artifactOf(ID, undefined)).toThrow('spec.sourceRef names Bucket a/x, which does not exist');
    expect(() => artifactOf(ID, { metadata: METADATA })).toThrow('Bucket a/x has no artifact yet');
  });
});

test.for([
  ['10m', 600_000],
  ['1h30m', 5_400_000],
  ['1.5s', 1500],
  ['100ms', 100],
] as const)('%s is %i milliseconds', ([text, value]) => expect(milliseconds(text)).toBe(value));

test('an interval is neither so short that it keeps the controller busy, nor longer than timers are', () => {
  expect(['0s', '1ms', '2s', '10000h'].map((interval) => intervalOf({ interval }))).toEqual([
    1000, 1000, 2000, 1_932_735_283.2,
  ]);
  expect(intervalOf({ interval: '10000h' }) * 1.1).toBeLessThan(2 ** 31 - 1);
});
