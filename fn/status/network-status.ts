import type { ProgramReport } from '../node/config/report.ts';

/** What a network is, and how it is, as seen in a cluster. `-o json` prints it as it stands. */
export interface NetworkStatus {
  readonly namespace: string;
  readonly name: string;
  /** Whether nothing is wrong: every agent and router is ready, every client attached, and `problems` is empty. */
  readonly ok: boolean;
  /** The releases that have rendered its objects: one, unless something is wrong. */
  readonly releases: readonly string[];
  /** Nothing where another operator keeps the nodes. */
  readonly agents?: Agents;
  readonly routers: readonly Router[];
  readonly clients: readonly Client[];
  readonly absent: readonly AbsentClient[];
  /** One for each subnet whose addresses whereabouts assigns. */
  readonly pools: readonly Pool[];
  /** What is wrong with the network as a whole, a sentence each. */
  readonly problems: readonly string[];
}

export interface Agents {
  /** How many nodes want one. */
  readonly wanted: number;
  /** The configuration that is applied, as agents name it. */
  readonly configuration?: string;
  readonly pods: readonly Member[];
}

/** A pod of an agent or a router. */
export interface Member extends Told {
  readonly pod: string;
  /** Nothing as long as the scheduler has found none. */
  readonly node?: string;
  readonly ready: boolean;
  /** Why it is not ready, or not what is applied. */
  readonly reason?: string;
}

/** What a program has told; nothing where it does not run, or nobody is asked. */
export interface Told {
  readonly report?: ProgramReport;
  /** Why it has told nothing. */
  readonly unasked?: string;
}

export interface Router {
  /** The name of its Deployment. */
  readonly name: string;
  /** Whether it has the gateway's addresses; nothing where that is not known. */
  readonly active?: boolean;
  /** Since when it is active (RFC 3339, UTC), as far as that is known. */
  readonly activeSince?: string;
  readonly configuration?: string;
  /** One pod; two or none while a pod is replaced. */
  readonly pods: readonly Member[];
}

/** A pod on the network. */
export interface Client {
  readonly namespace: string;
  readonly pod: string;
  readonly addresses: readonly string[];
}

/** The addresses that clients are assigned of a subnet. */
export interface Pool {
  /** The subnet, in CIDR notation. */
  readonly range: string;
  /** How many there are, how many of them are taken, and how many of these by pods that neither run nor start. */
  readonly size: number;
  readonly taken: number;
  readonly stale: number;
}

/** A pod that should be on the network, and is not. */
export interface AbsentClient {
  readonly namespace: string;
  readonly pod: string;
  /** It is so young that nothing need be wrong. */
  readonly starting: boolean;
  readonly reason: string;
}

/** Whether a pod is ready, and what is applied. */
export function isWell({ ready, reason }: Member): boolean {
  return ready && reason === undefined;
}
