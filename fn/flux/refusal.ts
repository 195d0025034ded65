/**
 * Why a GatewayNetworkRender is not Ready: the reason of its conditions and events. Reasons of Flux
 * have the same meaning as in Flux (fluxcd/pkg apis/meta).
 */
export type Reason =
  | 'AccessDenied'
  | 'ArtifactFailed'
  | 'FetchFailed'
  | 'InvalidArchive'
  | 'InvalidPath'
  | 'NotOurs'
  | 'RenderFailed'
  | 'SourceNotFound'
  | 'SourceNotReady'
  | 'StorageOperationFailed'
  | 'VerificationFailed';

/** A failure that the user must fix, or that may end by itself. */
export class Refusal extends Error {
  readonly reason: Reason;
  /** Whether a retry may succeed although nothing that is watched has changed. */
  readonly isTransient: boolean;

  constructor(reason: Reason, message: string, isTransient = false) {
    super(message);
    this.reason = reason;
    this.isTransient = isTransient;
  }
}

/** The message of an error, with its cause. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error && error.cause.message !== '' ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
