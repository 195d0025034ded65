import type { State } from './check.ts';

/** What was found in a cluster. `-o json` prints it as it stands. */
export interface Diagnosis {
  /** The address of the API server. */
  readonly server: string;
  /** The release of Kubernetes. */
  readonly kubernetes: string;
  /** The distribution, where it is recognised. */
  readonly platform?: string;
  /** The CNI of the cluster's own network, where it is recognised. */
  readonly primary?: string;
  /** The networks that were checked, as `namespace/name`. */
  readonly networks: readonly string[];
  /** Why the networks of the cluster could not be seen. */
  readonly networksUnseen?: string;
  /** Whether no finding is an error. */
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/** What a check has found, of the cluster or of one network. */
export interface Finding {
  readonly check: string;
  readonly state: State;
  readonly network?: string;
  readonly seen: string;
  /** Why it matters. */
  readonly why: string;
  /** What to do; nothing where there is nothing to be done. */
  readonly advice?: string;
  /** A section of a page of ours. */
  readonly link: string;
}
