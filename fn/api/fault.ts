import type { ProblemCode } from '../krm/problem.ts';
import { quote } from './quote.ts';

/** What is wrong with one field of a network. */
export interface Fault {
  readonly code: ProblemCode;
  /** Full path of the field, such as `spec.clients[0].selector`. */
  readonly path: string;
  readonly message: string;
  /** What the user wrote; `undefined` where nothing is written. */
  readonly value?: unknown;
  /** A value that would be accepted, where one is known. */
  readonly proposed?: unknown;
}

/** Further parts of the message of a {@link fault}. */
export interface FaultDetails {
  /** The reason, as a clause. */
  readonly because?: string;
  readonly proposed?: unknown;
}

/**
 * A fault whose message says what is allowed, what the value is, and why: `spec.mtu` must be at most 1450, not "1500".
 *
 * @param requirement what is allowed, after "must"
 */
export function fault(
  code: ProblemCode,
  path: string,
  value: unknown,
  requirement: string,
  details: FaultDetails = {},
): Fault {
  const instead = value === undefined ? '' : `, not ${quote(value)}`;
  const message = `\`${path}\` must ${requirement}${instead}${reason(details)}`;
  return { code, path, value, proposed: details.proposed, message };
}

/**
 * A fault of a value that is valid by itself: `spec.overlay.vni` is "7" and must be unique in the cluster.
 *
 * @param requirement what is allowed or forbidden here, after "must"
 */
export function refusal(
  code: ProblemCode,
  path: string,
  value: unknown,
  requirement: string,
  details: FaultDetails = {},
): Fault {
  const message = `\`${path}\` is ${quote(value)} and must ${requirement}${reason(details)}`;
  return { code, path, value, proposed: details.proposed, message };
}

function reason({ because }: FaultDetails): string {
  return because === undefined ? '' : `: ${because}`;
}
