/** A Lease (Kubernetes coordination/v1), as far as leader election uses it. */
export interface Lease {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    /** RFC 3339 with microseconds. */
    readonly acquireTime?: string;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

/** What is known of a lease, and since when it has not changed, by a clock of ours in milliseconds. */
export interface Observed {
  readonly lease: Lease;
  readonly at: number;
}

/**
 * How long a lease lasts after its last renewal, in milliseconds. With {@link RETRY} it is what another replica waits at most when
 * the leader dies.
 */
export const DURATION = 8000;
/** After this time without a renewal the leader stops to write, in milliseconds; before another one can begin to. */
export const DEADLINE = 5000;
/** From one look to the next, in milliseconds. */
export const RETRY = 2000;

/** What is known of a lease after it was read. Clocks of other machines are not compared with ours: only a change counts. */
export function observe(before: Observed | undefined, lease: Lease, at: number): Observed {
  const isSame = before !== undefined && before.lease.metadata?.resourceVersion === lease.metadata?.resourceVersion;
  return isSame ? before : { lease, at };
}

/** Whether another replica leads. */
export function isHeldByOther({ lease: { spec }, at }: Observed, identity: string, now: number): boolean {
  const holder = spec?.holderIdentity ?? '';
  return holder !== '' && holder !== identity && now - at < (spec?.leaseDurationSeconds ?? 0) * 1000;
}

/** The lease with us as its holder. */
export function held(lease: Lease | undefined, identity: string, now: Date): NonNullable<Lease['spec']> {
  const time = now.toISOString().replace('Z', '000Z');
  const { holderIdentity, acquireTime, leaseTransitions = 0 } = lease?.spec ?? {};
  const isOurs = holderIdentity === identity;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: DURATION / 1000,
    acquireTime: isOurs ? (acquireTime ?? time) : time,
    renewTime: time,
    leaseTransitions: isOurs || lease === undefined ? leaseTransitions : leaseTransitions + 1,
  };
}

/** The lease with no holder, for the next to take at once. */
export function released(lease: Lease): NonNullable<Lease['spec']> {
  return { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1 };
}
