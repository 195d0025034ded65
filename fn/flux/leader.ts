import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type Api } from './api.ts';
import { DEADLINE, held, isHeldByOther, observe, released, RETRY, type Lease, type Observed } from './lease.ts';
import type { Log } from './log.ts';
import { messageOf } from './refusal.ts';

/** A participant in the leader election. */
export interface Candidate {
  readonly isLeader: () => boolean;
  /** Stops, and releases the lease if this process holds it. */
  readonly stop: () => Promise<void>;
}

export interface Election {
  readonly api: Api;
  readonly namespace: string;
  readonly name: string;
  /** The unique identity of this process. */
  readonly identity: string;
  readonly log: Log;
  /** This process leads: for the first time, or again after a pause. */
  readonly onLead: () => void;
  /** The lease could not be renewed in time. Another replica may take it, so writing must stop. */
  readonly onPause: () => void;
  /** Another replica leads, after this one has led. */
  readonly onLose: () => void;
}

/**
 * Enters the election for a lease, like client-go (tools/leaderelection): the replica that renews
 * it leads.
 */
export function enterElection({ api, namespace, name, identity, log, onLead, onPause, onLose }: Election): Candidate {
  const collection = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const stopping = new AbortController();
  let observed: Observed | undefined;
  let hasLed = false;
  let isLeading = false;
  let renewed = 0;

  const write = async (spec: NonNullable<Lease['spec']>): Promise<void> => {
    const resourceVersion = observed?.lease.metadata?.resourceVersion;
    const object = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { namespace, name, resourceVersion },
      spec,
    };
    const at = performance.now();
    const lease =
      resourceVersion === undefined
        ? await api.create<Lease>(collection, object)
        : await api.replace<Lease>(`${collection}/${name}`, object);
    observed = { lease, at };
  };

  const look = async (): Promise<void> => {
    const lease = await api.get<Lease>(`${collection}/${name}`);
    observed = lease && observe(observed, lease, performance.now());
    if (observed !== undefined && isHeldByOther(observed, identity, performance.now())) {
      if (hasLed) onLose();
      return;
    }
    const at = performance.now();
    await write(held(observed?.lease, identity, new Date()));
    renewed = at;
    if (isLeading) return;
    log.info(hasLed ? 'leading again' : 'leading', { lease: `${namespace}/${name}`, identity });
    [hasLed, isLeading] = [true, true];
    onLead();
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await look();
      } catch (error) {
        // A conflict: another replica was faster.
        if (!(error instanceof ApiError && error.status === 409)) log.error('lease', { error: messageOf(error) });
      }
      await sleep(RETRY * (0.9 + Math.random() / 10), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };

  // Separate from the loop, whose request may be the one that gets no answer.
  const watchdog = setInterval(() => {
    if (!isLeading || performance.now() - renewed <= DEADLINE) return;
    isLeading = false;
    log.error('the lease could not be renewed; nothing is written until it is');
    onPause();
  }, 100);
  const running = loop();
  return {
    isLeader: () => isLeading,
    stop: async () => {
      stopping.abort();
      await running;
      clearInterval(watchdog);
      if (!isLeading || observed === undefined) return;
      isLeading = false;
      await write(released(observed.lease)).catch((error: unknown) => log.error('lease', { error: messageOf(error) }));
    },
  };
}
