import type { Seen } from '../cluster/facts.ts';
import type { Subject } from './subject.ts';

/** `unknown`: the check cannot be made, or not by reading alone. */
export type State = 'ok' | 'warning' | 'error' | 'unknown';

/** What a check has seen, of one network or of the cluster. */
export interface Observed {
  readonly state: State;
  /** The network that it is about, as `namespace/name`. */
  readonly network?: string;
  readonly seen: string;
  /** What to do; nothing where there is nothing to be done. */
  readonly advice?: string;
}

/** A question to a cluster, which is answered by reading alone. A check is pure, and never throws. */
export interface Check {
  /** By which lines and scripts call it. */
  readonly name: string;
  /** Why it matters, in one sentence. */
  readonly why: string;
  /** The section of docs/troubleshooting.md. */
  readonly anchor: string;
  readonly examine: (subject: Subject) => readonly Observed[];
}

export function ok(seen: string): Observed {
  return { state: 'ok', seen };
}

export function warning(seen: string, advice: string): Observed {
  return { state: 'warning', seen, advice };
}

export function error(seen: string, advice: string): Observed {
  return { state: 'error', seen, advice };
}

export function unknown(seen: string, advice?: string): Observed {
  return { state: 'unknown', seen, ...(advice !== undefined && { advice }) };
}

/** What is seen of some objects; where they may not be seen, that. `what` is a plural. */
export function within<T>(
  what: string,
  answer: Seen<T>,
  examine: (items: readonly T[]) => readonly Observed[],
): readonly Observed[] {
  return 'unseen' in answer ? [unknown(`${what} cannot be seen: ${answer.unseen}`)] : examine(answer.items);
}

/** Those that could be seen. */
export function itemsOf<T>(answer: Seen<T>): readonly T[] {
  return 'unseen' in answer ? [] : answer.items;
}

/** Which of some answers may not be seen, by what they are of; nothing where all may. */
export function unseenAmong(answers: Readonly<Record<string, Seen<unknown>>>): string | undefined {
  const found = Object.entries(answers).flatMap(([what, answer]) =>
    'unseen' in answer ? [`${what} cannot be seen: ${answer.unseen}`] : [],
  );
  return found[0];
}

/** Names in a sentence: at most five of them. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
