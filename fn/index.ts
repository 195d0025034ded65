import { read } from './krm/read.ts';
import { hasErrors, type Problem } from './krm/problem.ts';
import { write, writeDocuments } from './krm/write.ts';
import { run } from './run.ts';

export type { Problem, ProblemCode, ProblemField, ResourceRef } from './krm/problem.ts';
export type * from './api/generated/gateway-network.ts';
export { gatewayNetwork, type KptConfigs, type KptFunction, type KptObject, type KptResult } from './kpt-func.ts';

export interface Expansion {
  /** A ResourceList where one came, else plain documents; on errors its items as they came, or nothing. */
  readonly text: string;
  /** Every error, warning and summary. */
  readonly problems: readonly Problem[];
}

/**
 * Expands every GatewayNetwork of a ResourceList, a stream of documents, a List or JSON. Bad input
 * is a problem, never thrown.
 */
export function expand(source: string): Expansion {
  const { input, changes, problems } = run(read(source));
  if (input.format === 'ResourceList') return { text: write(input, changes, problems), problems };
  return { text: hasErrors(problems) ? '' : writeDocuments(input, changes), problems };
}
