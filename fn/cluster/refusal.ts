/** Why the cluster could not be asked: what is wrong, and what to do. */
export class Refusal extends Error {}

/** What an error says, with the system's code where it says nothing, on one line. */
export function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join(', ');
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s*\n\s*/g, ' ').trim() || 'no reason given';
}
