import type { Problem } from '../krm/problem.ts';

/** A problem in one line: severity, file, object, and what to do. */
export function formatProblem({ severity, file, ref, message }: Problem): string {
  const where = [file?.path, ref && `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`];
  const prefix = where.filter((part) => part !== undefined).map((part) => `${part}: `);
  return `${severity}: ${prefix.join('')}${message}`.replaceAll(/\s*\n\s*/g, ' ');
}
