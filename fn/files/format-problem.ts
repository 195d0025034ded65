import type { Problem } from '../krm/problem.ts';
import { visible } from './visible.ts';

/** A problem on one line: severity, place (`file:line:column`), object and message. */
export function formatProblem({ severity, file, position, ref, message }: Problem): string {
  const place = file && (position ? `${file.path}:${position.line}:${position.column}` : file.path);
  const where = [place, ref && `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`];
  const prefix = where.filter((part) => part !== undefined).map((part) => `${part}: `);
  return visible(`${severity}: ${prefix.join('')}${message}`.replaceAll(/\s*\n\s*/g, ' '));
}
