import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The metrics for Prometheus. */
export interface Metrics {
  readonly registry: Registry;
  /** Counts and times a reconciliation, in seconds. */
  readonly reconciled: (result: string, seconds: number) => void;
  /** Times the unpacking and rendering of one source, in seconds. */
  readonly rendered: (seconds: number) => void;
  readonly published: () => void;
}

/** Values that are read when Prometheus scrapes. */
export interface Gauges {
  readonly depth: () => number;
  readonly isLeader: () => boolean;
  /** The objects, and whether each is ready. */
  readonly renders: () => Iterable<{ readonly namespace: string; readonly name: string; readonly isReady: boolean }>;
}

/** Creates a registry with the metrics of the controller and of the process. */
export function createMetrics({ depth, isLeader, renders }: Gauges): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'gateway_network_flux_reconcile_duration_seconds',
    help: 'Time from the start of a reconciliation to its end, by its result: a reason of the condition Ready.',
    labelNames: ['result'],
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers,
  });
  const renderings = new Histogram({
    name: 'gateway_network_flux_render_duration_seconds',
    help: 'Time to unpack and render one source, with the wait for the thread.',
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers,
  });
  const published = new Counter({
    name: 'gateway_network_flux_artifacts_published_total',
    help: 'Artifacts with new content that were published.',
    registers,
  });
  const gauges = [
    new Gauge({
      name: 'gateway_network_flux_queue_depth',
      help: 'Objects that wait to be reconciled.',
      registers,
      collect() {
        this.set(depth());
      },
    }),
    new Gauge({
      name: 'gateway_network_flux_leader',
      help: 'Whether this replica is the leader.',
      registers,
      collect() {
        this.set(isLeader() ? 1 : 0);
      },
    }),
    new Gauge({
      name: 'gateway_network_flux_ready',
      help: 'Whether the condition Ready of an object is True.',
      labelNames: ['namespace', 'name'],
      registers,
      collect() {
        this.reset();
        for (const { namespace, name, isReady } of renders()) this.set({ namespace, name }, isReady ? 1 : 0);
      },
    }),
  ];
  void gauges;
  return {
    registry,
    reconciled: (result, seconds) => durations.observe({ result }, seconds),
    rendered: (seconds) => renderings.observe(seconds),
    published: () => published.inc(),
  };
}
