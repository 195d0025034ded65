import { keyOf, type Planted, replaced, without } from './cluster-objects.ts';
import { HEALTHY } from './healthy.ts';
import { diagnosisOf, factsOf, rendered } from './facts.ts';

/** A healthy cluster with what is put into it, and the example that it is checked for. */
export interface Case {
  readonly put?: readonly Planted[];
  /** `Kind name` of what is taken out of it. */
  readonly remove?: readonly string[];
  readonly example?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** What is in the input besides. */
  readonly input?: readonly Planted[];
}

/** What a check says, a line for each finding. */
export function says(check: string, { put = [], remove = [], example, fields, input = [] }: Case): readonly string[] {
  const facts = factsOf(replaced(without(HEALTHY, ...remove), ...put));
  const planted = new Set(put.map(keyOf));
  // Without what the input itself would put right.
  const objects = rendered(example, fields).filter((one) => !planted.has(keyOf(one)));
  const { findings } = diagnosisOf(facts, [...objects, ...input]);
  return findings.filter((one) => one.check === check).map(({ state, seen }) => `${state} ${seen}`);
}
