import { GRACE_SECONDS, shutdownDelay } from '../config/shutdown.ts';

/** What is seen of other instances of this router. */
export interface Signs {
  /** Whether somebody answers for its addresses. */
  readonly isAnswered: boolean;
  /** Whether an instance has told a moment ago that it has them. */
  readonly hearsYounger: boolean;
  readonly hearsOlder: boolean;
}

/** How much longer than it may take to end another is waited for, in seconds. */
const MARGIN = 5;

/** How long another instance that is not known to be younger is waited for, in seconds: by then it has ended. */
export function patienceOf(index: number): number {
  return shutdownDelay(index) + GRACE_SECONDS + MARGIN;
}

/**
 * Why a router that does not have its addresses must not take them; nothing where it may.
 *
 * The younger one is the one that the cluster wants: Kubernetes makes it when it has given the older one up. That is
 * waited for as long as it may take to end, and not longer: it may be on a node that nobody reaches any more.
 *
 * @param waited for how long another has been there, in seconds
 */
export function whyToWait(
  { isAnswered, hearsYounger, hearsOlder }: Signs,
  waited: number,
  index: number,
): string | undefined {
  if (hearsYounger) return 'a younger instance of this router has its addresses';
  const patience = patienceOf(index);
  if ((!isAnswered && !hearsOlder) || waited >= patience) return undefined;
  return `waiting for the end of another instance of this router, which has its addresses, for ${patience} seconds at most`;
}
