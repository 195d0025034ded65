import { describeNeeding } from '../tools/needs.ts';
import type { Tool } from './tool.ts';

/**
 * A suite that needs programs, by the title of the first. Where one is missing, it is skipped and
 * the title says which programs are
 * not there. The body is given the paths in the order of the tools.
 */
export function describeWith(tools: readonly Tool[], body: (...paths: readonly string[]) => void): void {
  const missing = tools.filter((tool) => tool.path === undefined).map(({ name, title }) => name ?? title);
  describeNeeding(tools[0]?.title ?? '', missing, () => body(...tools.map((tool) => tool.path ?? '')));
}
