const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Waits until something is so, without giving other code a turn, so that what has to be waited for
 * can be started by a call. Says
 * whether it was so within the patience, in milliseconds.
 */
export function waitUntil(isSo: () => boolean, patience: number): boolean {
  const deadline = Date.now() + patience;
  while (!isSo()) {
    if (Date.now() > deadline) return false;
    Atomics.wait(pause, 0, 0, 5);
  }
  return true;
}
