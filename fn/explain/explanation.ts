import type { Protocol } from './packet.ts';

/** Where a packet ends up. */
export type Outcome =
  /** It leaves by the gateway. */
  | 'gateway'
  /** It stays on the pod's primary network, or leaves by it. */
  | 'primary'
  /** Another client on the network gets it. */
  | 'client'
  /** The router itself gets it. */
  | 'router'
  | 'dropped'
  /** Some protocols and ports pass, and others do not. */
  | 'depends';

/** A place on the way. */
export interface Hop {
  readonly at: 'pod' | 'node' | 'router' | 'back';
  /** What happens there. */
  readonly what: string;
  /** The route or the rule that decides it, as it stands in the objects. */
  readonly by?: string;
}

/** Which way a packet takes, and why. `-o json` prints it as it stands. */
export interface Explanation {
  /** The pods or workloads that send it, such as `Deployment apps/web`. */
  readonly senders: readonly string[];
  /** The network that they are clients of. */
  readonly network?: string;
  readonly destination: string;
  readonly protocol?: Protocol;
  readonly port?: number;
  readonly outcome: Outcome;
  /** One sentence. */
  readonly summary: string;
  readonly hops: readonly Hop[];
  /** Ports outside that lead to the sender. */
  readonly forwards: readonly Hop[];
}

/** A part of the way: the hops, and how it ends if it does not go on. */
export interface Way {
  readonly outcome: Outcome;
  readonly summary: string;
  readonly hops: readonly Hop[];
}
