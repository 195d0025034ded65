import { beforeAll, expect, it } from 'vitest';
import type { Cluster } from './cluster.ts';
import { describeCluster } from './describe.ts';
import { endingSoon } from './senders.ts';
import { install } from './installation.ts';
import { clientTemplate } from './unattached.ts';

// What the guard adds to the start of a client: the figure of docs/clients.md. `npm run measure`.

const PODS = 8;
const UNGUARDED = { clients: [{ selector: { matchLabels: { egress: 'vpn' } }, guard: 'Disabled' }] };

/** Makes a pod of a client in rendered manifests, and returns the milliseconds until it was Ready. */
async function start({ kubectl }: Cluster, name: string, manifests: string): Promise<number> {
  const { metadata, spec } = clientTemplate(manifests);
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name, namespace: 'apps' }, spec };
  const begin = performance.now();
  await kubectl(['create', '-f', '-'], JSON.stringify(pod));
  await kubectl(['-n', 'apps', 'wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s']);
  const took = performance.now() - begin;
  console.log(`${name}: Ready after ${took.toFixed(0)} ms`);
  await kubectl(['-n', 'apps', 'delete', 'pod', name]);
  return took;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

describeCluster('a client pod', {}, (cluster) => {
  const guarded = endingSoon('multi-node');
  const unguarded = endingSoon('multi-node', UNGUARDED);
  beforeAll(async () => install(cluster(), guarded), 120_000);

  it('starts at most two seconds later with the guard than without', async () => {
    const times: readonly number[][] = [[], []];
    for (let number = 0; number < PODS; number++) {
      times[0]?.push(await start(cluster(), `guarded-${number}`, guarded));
      times[1]?.push(await start(cluster(), `open-${number}`, unguarded));
    }
    const [guardedMedian = 0, openMedian = 0] = times.map(median);
    console.log({ guardedMedian, openMedian, times });
    expect(guardedMedian - openMedian).toBeLessThan(2000);
  }, 600_000);
});
