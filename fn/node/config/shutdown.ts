// How long a router takes to end, which its manifest and its programs agree on.

/** The time that replacing a router may take, in seconds. */
const SHUTDOWN_DELAY_STEP = 20;

/** How long a program of a router may take to end, in seconds. */
export const GRACE_SECONDS = 5;

/**
 * How long the router of an index keeps running before SIGTERM, in seconds: each longer than the previous one. A
 * changed configuration ends all of them at once, and by then the previous router is back.
 */
export function shutdownDelay(index: number): number {
  return index * SHUTDOWN_DELAY_STEP;
}
