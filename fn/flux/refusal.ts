/**
 * Why a GatewayNetworkRender is not Ready; the reason of its conditions and events. Those that Flux has are Flux's
 * (fluxcd/pkg apis/meta).
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

/** A failure that the user or time must resolve. */
export class Refusal extends Error {
  readonly reason: Reason;
  /** Whether another try, with nothing changed that is watched, may succeed. */
  readonly isTransient: boolean;

  constructor(reason: Reason, message: string, isTransient = false) {
    super(message);
    this.reason = reason;
    this.isTransient = isTransient;
  }
}

/** What was thrown, in one sentence. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error && error.cause.message !== '' ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
