import type { Observation } from '../cluster/observation.ts';
import type { NetworkId } from '../status/owner.ts';
import { type AllTold, allTold, NONE_TOLD, programsOf } from '../status/told.ts';
import { type ClusterOptions, questionOf } from './cluster-options.ts';

/** The option of verbs that ask programs. */
export interface ProgramsOptions extends ClusterOptions {
  /** Whether agents and routers are asked by commands in their pods. */
  readonly exec: boolean;
}

/** What the programs of some networks tell of themselves; nothing where they are not to be asked. */
export async function programsTold(
  networks: readonly NetworkId[],
  observation: Observation,
  options: ProgramsOptions,
): Promise<AllTold> {
  const programs = options.exec ? networks.flatMap((one) => programsOf(one, observation)) : [];
  if (programs.length === 0) return NONE_TOLD;
  const { programAnswers } = await import('../cluster/observe.ts');
  return allTold(await programAnswers(questionOf(options), programs));
}
