import { UsageError } from './usage-error.ts';

/** Text that is not UTF-8 is refused: replacing its bytes would change what is not ours. */
export function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(`${name} must be UTF-8 text`);
  }
}
