import type { Change } from '../../../fn/node/change.ts';

/** Changes as text: what is said, and the command that makes it. */
export function text(changes: readonly Change[]): readonly string[] {
  return changes.map(({ what, command }) => `${what} | ${command.join(' ')}`);
}
