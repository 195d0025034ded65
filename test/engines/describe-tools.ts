import { describe } from 'vitest';
import type { Tool } from './tool.ts';

/**
 * A suite that needs programs, by the title of the first. Where one is missing, its tests are skipped and the title says which
 * programs are not there. The body is given the paths in the order of the tools.
 */
export function describeWith(tools: readonly Tool[], body: (...paths: readonly string[]) => void): void {
  const missing = tools.filter((tool) => tool.path === undefined).map((tool) => tool.title);
  const title = tools[0]?.title ?? '';
  describe.skipIf(missing.length > 0)(
    missing.length > 0 ? `${title} (not installed: ${missing.join(', ')})` : title,
    () => {
      body(...tools.map((tool) => tool.path ?? ''));
    },
  );
}
