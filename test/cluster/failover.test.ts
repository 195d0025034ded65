import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { run, tryRun } from '../agent/namespace.ts';
import { startLoad } from '../datapath/bed/load.ts';
import { outage, startEchoServer, startTraffic } from '../datapath/bed/traffic.ts';
import { cutOff, reconnect } from '../datapath/bed/underlay.ts';
import { prometheus } from '../engines/tool.ts';
import { NAMESPACE, ROUTERS } from './accidents.ts';
import type { Cluster } from './cluster.ts';
import { describeCluster, type GetCluster } from './describe.ts';
import { EVERYWHERE } from './figures.ts';
import { apply, install, rendered, untilReady } from './installation.ts';
import { type Client, clients, type Pod, pods } from './pods.ts';
import { until } from './process.ts';
import { dashboardOf, operatorKinds, startPrometheus } from './prometheus.ts';

/**
 * How often each way is gone: `FAILOVERS=20 npx vitest run --project cluster test/cluster/failover.test.ts` for the
 * figures of the docs.
 */
const ROUNDS = Number(process.env['FAILOVERS'] ?? 1);

/** The longest outage, in milliseconds. */
const LIMIT = 2000;

const GATEWAY = '192.168.50.1/24';

/** Busy loops: as many as there are processors. */
const LOOPS = 2;

/** A way to lose the router that is active, which comes back by what is returned. */
type Way = (cluster: Cluster, active: Pod) => Promise<() => unknown>;

const WAYS: Readonly<Record<string, Way>> = {
  'its node is lost': async ({ underlay }, { node }) => {
    cutOff(underlay, node.number);
    return () => reconnect(underlay, node.number);
  },
  'its pod is deleted': async ({ kubectl }, { name }) => {
    await kubectl(['-n', NAMESPACE, 'delete', 'pod', name, '--wait=false']);
    return () => undefined;
  },
};

/** The only router that has the gateway's address. */
async function activeRouter(cluster: Cluster): Promise<Pod> {
  return until('one active router', 60, async () => {
    const routers = await pods(cluster, NAMESPACE, ROUTERS);
    const active = routers.filter(({ namespace }) => run(namespace, 'ip -o addr show net1').includes(` ${GATEWAY}`));
    return active.length === 1 ? active[0] : undefined;
  });
}

const PROMETHEUS = prometheus();

/** Routers whose metrics are asked for. */
function failovers(cluster: GetCluster): void {
  const manifests = rendered('ha-vrrp', { monitoring: { type: 'PrometheusOperator' } });
  let all: readonly Client[];
  beforeAll(async () => {
    await startEchoServer(cluster().underlay.internet);
    await apply(cluster(), operatorKinds(PROMETHEUS.path ?? ''));
    await install(cluster(), manifests);
    all = await clients(cluster());
  }, 120_000);

  /**
   * Loses the active router once, has it back, and gives how long other nodes' clients were without, in milliseconds.
   */
  const lose = async (way: Way): Promise<number> => {
    const active = await activeRouter(cluster());
    const others = all.filter(({ node }) => node !== active.node);
    expect(others).not.toEqual([]);
    const traffic = await Promise.all(others.map(async ({ namespace }) => startTraffic(namespace, EVERYWHERE)));
    await sleep(500);
    const repair = await way(cluster(), active);
    await sleep(3000);
    const reports = (await Promise.all(traffic.map(async ({ stop }) => stop()))).flat();
    await repair();
    await untilReady(cluster(), manifests);
    return Math.max(...reports.map(({ udp }) => outage(udp)));
  };

  it.each([
    ['its node is lost', 0],
    ['its node is lost', LOOPS],
    ['its pod is deleted', LOOPS],
  ] as const)(
    'a client goes on within two seconds when the active router is lost: %s, beside %d busy loops',
    async (title, loops) => {
      using load = startLoad(loops);
      const outages: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        outages.push(await lose(WAYS[title] as Way));
        console.log(
          `${title}, beside ${loops} busy loops: out for ${outages.at(-1)} ms; waited up to ${await load.delay()} ms for a core`,
        );
      }
      expect(Math.max(...outages)).toBeLessThan(LIMIT);
      expect(all.map(({ strays }) => strays())).toEqual(all.map(() => 0));
    },
    60_000 * (ROUNDS + 1),
  );

  it('Prometheus is told who is ready, who is active, who sends how much, and what was dropped', async () => {
    await using watching = await startPrometheus(cluster(), PROMETHEUS.path ?? '', manifests);
    const only = (expression: string) => watching.query(expression)[0]?.value;
    await until('four targets', 30, () => only('count(up == 1)') === 4);
    const active = await activeRouter(cluster());
    expect(only('sum(gateway_network_ready)')).toBe(2);
    expect(watching.query('gateway_network_router_active == 1').map(({ metric }) => metric['pod'])).toEqual([
      active.name,
    ]);
    expect(only('sum(gateway_network_clients)')).toBe(all.length);
    const used = watching.query('sum by (family) (gateway_network_pool_used_addresses)');
    expect(new Set(used.map(({ value }) => value))).toEqual(new Set([all.length]));
    expect(only('sum(gateway_network_router_activations_total)')).toBeGreaterThanOrEqual(1);

    const traffic = await Promise.all(all.map(async ({ namespace }) => startTraffic(namespace, EVERYWHERE)));
    await sleep(500);
    await Promise.all(traffic.map(async ({ stop }) => stop()));
    const addresses = [GATEWAY.split('/')[0], ...active.addresses('net1')];
    for (const { namespace } of all)
      for (const address of addresses)
        expect(tryRun(namespace, `curl -s -m 1 http://${address}:9473/`)).toBeUndefined();
    const own = all.flatMap((client) => client.addresses('net1')).toSorted();
    for (const direction of ['sent', 'received']) {
      const expression = `gateway_network_router_client_${direction}_bytes_total > 0`;
      await until(`bytes that clients have ${direction}`, 20, () => {
        const seen = new Set(watching.query(expression).map(({ metric }) => metric['client']));
        return own.every((address) => seen.has(address));
      });
    }
    expect(only('sum(gateway_network_dropped_packets_total{reason="to-router"})')).toBeGreaterThan(0);
    for (const { title, expression } of dashboardOf(manifests)) {
      await until(`series of the panel ${title}`, 20, () => watching.query(expression).length > 0);
    }

    const firing = () => watching.query('ALERTS{alertstate="firing"}').map(({ metric }) => metric['alertname']);
    expect(firing()).not.toContain('GatewayNetworkStandbyNotReady');
    const standby = active.name.includes('router-0') ? 'vpn-router-1' : 'vpn-router-0';
    const scale = ['-n', NAMESPACE, 'scale', `deployment/${standby}`];
    await cluster().kubectl([...scale, '--replicas=0']);
    await until('an alert', 40, () => firing().includes('GatewayNetworkStandbyNotReady'));
    expect(firing()).not.toContain('GatewayNetworkNoActiveRouter');
    await cluster().kubectl([...scale, '--replicas=1']);
  }, 120_000);
}

describeCluster('several routers:', {}, failovers, [PROMETHEUS]);
