import { UsageError } from '../files/usage-error.ts';

/**
 * The result of an action on the file system.
 * @throws {@link UsageError} with the system's reason if the action fails
 */
export function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
