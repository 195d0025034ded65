import { vi } from 'vitest';

/** Waits until an assertion holds; fails as it does when it has not within 10 seconds. */
export function eventually<T>(assertion: () => T): Promise<T> {
  return vi.waitFor(assertion, { timeout: 10_000, interval: 100 });
}
