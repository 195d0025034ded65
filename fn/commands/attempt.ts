import { UsageError } from '../files/usage-error.ts';

/** What an action on the file system gives. Throws UsageError, in one sentence, where the system refuses it. */
export function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
