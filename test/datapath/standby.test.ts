import { existsSync, readFileSync, utimesSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run } from '../agent/namespace.ts';
import { createCluster } from './bed/cluster.ts';
import { startRouter, untilReady } from './bed/installation.ts';
import type { Pod } from './bed/pod.ts';
import { describeDatapath } from './bed/requirements.ts';
import { master, masters, prepareRouters } from './failover.ts';

const METRICS = { agent: { type: 'DaemonSet', daemonSet: { metrics: { type: 'Textfile' } } } };
const DIRECTORY = '/var/lib/node_exporter/textfile_collector';
const ACTIVE = "ready; this router has the gateway's addresses";

/** What the active router says, by its own program and by keepalived's. */
function said(router: Pod): readonly string[] {
  return ['router', 'keepalived'].map((container) => {
    const { status, output } = router.probe(container);
    expect(status).toBe(0);
    return output;
  });
}

function fileOf({ node }: Pod, index: number): string {
  return `${node.runtime.state}/host${DIRECTORY}/gateway_network_egress_vpn_router_${index}.prom`;
}

/** What a router's file says of readiness and activity, by the names of the metrics. */
function metrics(router: Pod, index: number): Readonly<Record<string, string>> {
  const lines = readFileSync(fileOf(router, index), 'utf8').matchAll(/^(\w+)\{(.*)\} (\d+)$/gm);
  const values = [...lines].map(([, name, , value]) => [String(name), String(value)]);
  return Object.fromEntries(values.filter(([name]) => /_(?:active|ready)$/.test(String(name))));
}

const STANDBYS = ['vpn-router-1', 'vpn-router-2'];

describeDatapath('the active router says which of the others could not take over,', () => {
  it('and when they can, in its readiness and its metrics', async () => {
    using cluster = createCluster({ nodes: 3 });
    const fields = { 'gateway.replicas': 3, subnets: ['fd00:50::/64'], ...METRICS };
    const scene = await prepareRouters(cluster, 'ha-vrrp', fields, undefined, ['fd00:50::1']);
    const [first, second, third] = scene.routers as [Pod, Pod, Pod];
    const all = (text: string) => eventually(() => expect(said(first)).toEqual([text, text]));
    await all(ACTIVE);

    await second.kill('SIGKILL', 'keepalived');
    await all(`${ACTIVE}; standby ${STANDBYS[0]}: not ready: nothing is heard of it`);
    run(third.namespace, 'ip link set eth0 down');
    await all(`${ACTIVE}; ${STANDBYS.map((name) => `standby ${name}: not ready: nothing is heard of it`).join('; ')}`);
    await eventually(() => {
      expect(readFileSync(fileOf(first, 0), 'utf8')).toMatch(
        /gateway_network_standby_ready\{network="egress\/vpn",router="vpn-router-1"\} 0\n.*router="vpn-router-2"\} 0\n/,
      );
    });
    second.restart('keepalived');
    await all(`${ACTIVE}; standby ${STANDBYS[1]}: not ready: nothing is heard of it`);
    expect(masters(scene.routers, ['fd00:50::1'])).toEqual([first]);
  });

  it('by files that go with the router, or soon after it', async () => {
    using cluster = createCluster({ nodes: 2 });
    const scene = await prepareRouters(cluster, 'ha-vrrp', METRICS);
    const first = master(scene.routers);
    const [second] = scene.routers.filter((router) => router !== first) as [Pod];
    const [one, other] = [first, second].map((router) => scene.routers.indexOf(router)) as [number, number];
    await eventually(() => {
      const active = { gateway_network_router_ready: '1', gateway_network_router_active: '1' };
      expect(metrics(first, one)).toEqual({ ...active, gateway_network_standby_ready: '1' });
      expect(metrics(second, other)).toEqual({ ...active, gateway_network_router_active: '0' });
    });
    await first.kill('SIGTERM', 'router');
    expect(existsSync(fileOf(first, one))).toBe(false);
    await second.crash();
    await setTimeout(100);
    const file = fileOf(second, other);
    const before = Date.now() / 1000 - 120;
    utimesSync(file, before, before);
    // The agent looks every ten seconds.
    await setTimeout(10_000);
    await eventually(() => expect(existsSync(file)).toBe(false));
  });
});

describeDatapath('a router whose resolver is not ready', () => {
  it('is no standby, and one whose programs all are is', async () => {
    using cluster = createCluster({ nodes: 2 });
    const scene = await prepareRouters(cluster, 'ha-vrrp', {
      clients: [{ selector: { matchLabels: { egress: 'vpn' } }, dns: 'Gateway' }],
    });
    const [first, second] = scene.routers as [Pod, Pod];
    await eventually(() => expect(said(first)).toEqual([ACTIVE, ACTIVE]));
    await first.remove();
    const deployment = scene.manifests.deployments.find(({ metadata }) => metadata?.name === 'vpn-router-0');
    if (!deployment) throw new Error('there is no router');
    await eventually(() => expect(said(second)[1]).toContain('standby vpn-router-0: not ready'));
    const back = startRouter(cluster, scene.manifests, deployment, first.node);
    await untilReady([back]);
    await eventually(() => expect(said(second)).toEqual([ACTIVE, ACTIVE]));
    await back.kill('SIGKILL', 'resolver');
    // What it has said is good for 30 seconds.
    await setTimeout(29_000);
    await eventually(() => expect(said(second)[1]).toContain('standby vpn-router-0: not ready'));
  }, 120_000);
});
