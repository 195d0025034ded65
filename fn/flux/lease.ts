/** The fields of a Lease (Kubernetes coordination/v1) that the leader election uses. */
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

/** A lease, and since when it has not changed, by our own clock in milliseconds. */
export interface Observed {
  readonly lease: Lease;
  readonly at: number;
}

/**
 * How long a lease is valid after its last renewal, in milliseconds. When the leader dies, another
 * replica waits for this time and {@link RETRY} at most.
 */
export const DURATION = 8000;
/**
 * The leader stops writing after this time without a renewal, in milliseconds: before another
 * replica can begin.
 */
export const DEADLINE = 5000;
/** The time from one attempt to the next, in milliseconds. */
export const RETRY = 2000;

/** Notes a lease that was read. Clocks of other machines are not compared with ours: only a change counts. */
export function observe(before: Observed | undefined, lease: Lease, at: number): Observed {
  const isSame = before !== undefined && before.lease.metadata?.resourceVersion === lease.metadata?.resourceVersion;
  return isSame ? before : { lease, at };
}

/** Whether another replica leads. */
export function isHeldByOther({ lease: { spec }, at }: Observed, identity: string, now: number): boolean {
  const holder = spec?.holderIdentity ?? '';
  return holder !== '' && holder !== identity && now - at < (spec?.leaseDurationSeconds ?? 0) * 1000;
}

/** The spec of the lease with us as its holder. */
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

/** The spec of the lease without a holder, so that another replica can take it at once. */
export function released(lease: Lease): NonNullable<Lease['spec']> {
  return { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1 };
}
