import { tooLarge } from './limits.ts';
import { compose as composeYaml, type Composed } from './reader/compose.ts';
import type { Failure } from './reader/failure.ts';
import { plainValue } from './reader/plain-value.ts';

export { MAX_DEPTH } from './reader/compose.ts';
export type { Failure } from './reader/failure.ts';

export type Parsed =
  | {
      readonly value: unknown;
      /** The first duplicate key of a mapping. The last of the duplicates counts, as in kubectl. */
      readonly repeated: Failure | undefined;
      readonly failure?: undefined;
    }
  | { readonly value?: undefined; readonly repeated?: undefined; readonly failure: Failure };

/** Reads one YAML document, with the ranges of its nodes. Time and memory are bounded; nothing is thrown. */
export function compose(text: string): Composed {
  const large = tooLarge(text);
  return large === undefined ? composeYaml(text) : { failure: { reason: large, offset: 0 } };
}

/** The plain value of one YAML document. Time and memory are bounded; nothing is thrown. */
export function parse(text: string): Parsed {
  const { document, failure } = compose(text);
  return failure === undefined ? plainValue(document) : { failure };
}
