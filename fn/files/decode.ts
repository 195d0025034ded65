import { UsageError } from './usage-error.ts';

/**
 * Decodes UTF-8. Invalid bytes are not replaced, because that would change what is not ours.
 * @throws {@link UsageError} if the bytes are not UTF-8
 */
export function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(`${name} must be UTF-8 text`);
  }
}
