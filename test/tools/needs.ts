import { describe, test, type TestOptions } from 'vitest';
import { titleNeeding } from './needs-title.ts';

/**
 * A suite that needs programs, or rights. Where some are missing, its body is not even read, since
 * it may use them while tests are
 * collected: one skipped test stands for it, and its title names them.
 */
export function describeNeeding(
  title: string,
  missing: readonly string[],
  body: () => void,
  options: TestOptions = {},
): void {
  if (missing.length === 0) {
    describe(title, options, body);
    return;
  }
  describe.skip(titleNeeding(title, missing), () => {
    test('all its tests', () => undefined);
  });
}
