import { describe, expect, test } from 'vitest';
import { DEADLINE, DURATION, held, isHeldByOther, observe, released, RETRY, type Lease } from '../../fn/flux/lease.ts';

const NOW = new Date('2026-01-02T03:04:05.678Z');
const lease = (holderIdentity: string, resourceVersion = '1'): Lease => ({
  metadata: { resourceVersion },
  spec: { holderIdentity, leaseDurationSeconds: 10, leaseTransitions: 3, acquireTime: 'then', renewTime: 'then' },
});

describe('a lease', () => {
  test('is held by another one until it has not changed for its duration, by our own clock', () => {
    const first = observe(undefined, lease('other'), 1000);
    expect(isHeldByOther(first, 'me', 10_999)).toBe(true);
    expect(isHeldByOther(first, 'me', 11_000)).toBe(false);
    const same = observe(first, lease('other'), 9000);
    expect(isHeldByOther(same, 'me', 11_000)).toBe(false);
    const renewed = observe(first, lease('other', '2'), 9000);
    expect(isHeldByOther(renewed, 'me', 11_000)).toBe(true);
  });

  test('is free where it is ours, or given back', () => {
    expect(isHeldByOther(observe(undefined, lease('me'), 0), 'me', 1)).toBe(false);
    const given = { metadata: { resourceVersion: '2' }, spec: released(lease('other')) };
    expect(isHeldByOther(observe(undefined, given, 0), 'me', 1)).toBe(false);
  });

  test('says who took it when, and how often it changed hands', () => {
    const time = '2026-01-02T03:04:05.678000Z';
    const taken = { holderIdentity: 'me', leaseDurationSeconds: 8, acquireTime: time, renewTime: time };
    expect(held(undefined, 'me', NOW)).toEqual({ ...taken, leaseTransitions: 0 });
    expect(held(lease('other'), 'me', NOW)).toEqual({ ...taken, leaseTransitions: 4 });
    expect(held(lease('me'), 'me', NOW)).toEqual({ ...taken, acquireTime: 'then', leaseTransitions: 3 });
  });

  test('is not written any more before another one can take it', () => {
    expect(DEADLINE + RETRY).toBeLessThan(DURATION);
    expect(DURATION + RETRY).toBeLessThan(15_000);
  });
});
