import type { Choice } from './list.ts';
import type { Named } from './observation.ts';

export interface PodId {
  readonly namespace: string;
  readonly pod: string;
}

/** A pod, and which of its containers is meant, where it has several. */
export interface Place extends PodId {
  readonly container?: string;
}

/** What a command has printed, and its exit status. */
export interface Executed {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * An API server, for verbs that do more than look. Paths are those of the REST API. Where the server cannot be asked,
 * or refuses, they throw an error of which {@link Opened} knows the reason.
 */
export interface ClusterClient {
  readonly list: <T>(path: string, choice: Choice) => Promise<readonly T[]>;
  /** Nothing where there is no such object. */
  readonly read: <T extends object>(path: string) => Promise<T | undefined>;
  readonly create: <T extends Named>(path: string, object: T) => Promise<T>;
  /** Nothing happens where it has gone already. */
  readonly remove: (path: string) => Promise<void>;
  /** All that a container of a pod has logged. */
  readonly log: (place: Place) => Promise<string>;
  /** Runs a command in a pod, which may read `input` and take so many seconds. */
  readonly execute: (place: Place, command: readonly string[], input: string, seconds: number) => Promise<Executed>;
}

/** A cluster, and what an error of its client says to users, in one sentence; or why there is none. */
export type Opened =
  | { readonly client: ClusterClient; readonly reasonOf: (error: unknown) => string | undefined }
  | { readonly refusal: string };
