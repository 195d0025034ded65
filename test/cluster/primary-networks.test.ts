import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { type Namespace, run, tryRun } from '../agent/namespace.ts';
import {
  isAnswered,
  isSilent,
  lost,
  outage,
  startEchoServer,
  startTraffic,
  tryTraffic,
} from '../datapath/bed/traffic.ts';
import { INTERNET } from '../datapath/bed/underlay.ts';
import { ASKED } from '../datapath/ways-around.ts';
import { ACCIDENTS, NAMESPACE, type Scene, sceneOf } from './accidents.ts';
import type { ClusterOptions } from './cluster.ts';
import { describeCluster } from './describe.ts';
import { type Echo, startEcho } from './echo.ts';
import { apply, install, rendered } from './installation.ts';
import { clients } from './pods.ts';
import { until } from './process.ts';
import { countAround } from './senders.ts';

const BOTH = { subnets: ['192.168.50.0/24', 'fd00:50::/64'] };
const CHOSEN = ACCIDENTS.filter(({ title }) => ['the router is deleted', 'the DaemonSet is restarted'].includes(title));

interface Case {
  readonly title: string;
  readonly options: ClusterOptions;
  /** The example that is installed; multi-node with both families unless given. */
  readonly example?: string;
  /** Whether pods have no IPv6, by which the router would reach the internet. */
  readonly isIPv4?: true;
  readonly enforcesPolicies?: true;
}

/** `accidents.test.ts` has all defaults. */
const CASES: readonly Case[] = [
  {
    title: 'ptp, kube-proxy with iptables, nodes in subnets of their own, overlay over IPv6',
    options: { layout: 'Routed' },
    example: 'dual-stack',
  },
  {
    title: 'flannel with vxlan, kube-proxy with iptables, nodes in subnets of their own',
    options: { primary: 'flannel-vxlan', layout: 'Routed' },
    isIPv4: true,
  },
  {
    title: 'flannel with host-gw, kube-proxy with nftables',
    options: { primary: 'flannel-host-gw', proxyMode: 'nftables' },
    isIPv4: true,
  },
  { title: 'kube-router, kube-proxy with iptables', options: { primary: 'kube-router' }, enforcesPolicies: true },
];

for (const { title, options, example, isIPv4, enforcesPolicies } of CASES) {
  describeCluster(title, options, (cluster) => {
    const everywhere = [INTERNET.IPv4, ...(isIPv4 ? [] : [INTERNET.IPv6])];
    const manifests = rendered(example ?? 'multi-node', example === undefined && !isIPv4 ? BOTH : {});
    let begun: { readonly scene: Scene; readonly echo: Echo } | undefined;
    const installed = () => {
      if (begun === undefined) throw new Error('nothing is installed');
      return begun;
    };
    beforeAll(async () => {
      await startEchoServer(cluster().underlay.internet);
      await install(cluster(), manifests);
      const scene = await sceneOf(cluster(), manifests, await clients(cluster()));
      begun = { scene, echo: await startEcho(cluster(), 'echo') };
    }, 240_000);

    it('has clients whose traffic leaves by the gateway, and reaches pods, Services and names of the cluster', async () => {
      const { scene, echo } = installed();
      expect(scene.clients.map(({ node }) => node.name).toSorted()).toEqual(['node1', 'node2']);
      for (const { name, namespace, strays } of scene.clients) {
        expect(isAnswered(await tryTraffic(namespace, [...everywhere, ...echo.pod, ...echo.service]))).toBe(true);
        expect(strays()).toBe(0);
        const answer = await cluster().kubectl(['-n', 'apps', 'exec', name, '--', 'nslookup', echo.host]);
        for (const address of echo.service) expect(answer).toContain(address);
      }
    });

    it('has clients whose programs do not leave by the primary interface, though they ask for it', async () => {
      const { scene } = installed();
      const seen = cluster().nodes.map((node) => countAround(cluster(), node));
      const before = scene.clients.map(({ strays }) => strays());
      for (const client of scene.clients) for (const [, ask] of ASKED) ask(client);
      expect(scene.clients.every(({ strays }, index) => strays() > (before[index] ?? 0))).toBe(true);
      expect(seen.map((count) => count())).toEqual([0, 0]);
    });

    it('has nodes that reach its pods', async () => {
      const { echo } = installed();
      for (const { namespace } of cluster().nodes) {
        expect(isAnswered(await tryTraffic(namespace, [...echo.pod, ...echo.service]))).toBe(true);
      }
    });

    it.each(CHOSEN)(
      'no packet of a client takes another way when $title',
      async ({ title: accident, happen, outage: most }) => {
        const { scene } = installed();
        const before = scene.clients.map(({ strays }) => strays());
        const traffic = await Promise.all(scene.clients.map(({ namespace }) => startTraffic(namespace, everywhere)));
        await sleep(1000);
        await happen(scene);
        await sleep(1000);
        const reports = (await Promise.all(traffic.map(({ stop }) => stop()))).flat();
        expect(scene.clients.map(({ strays }) => strays())).toEqual(before);
        const [outages, losses] = [reports.map(({ udp }) => outage(udp)), reports.map(({ udp }) => lost(udp))];
        console.log(
          `${title}: ${accident}: out for ${Math.max(...outages)} ms, ${Math.max(...losses)} datagrams lost, at most`,
        );
        expect(Math.max(...outages)).toBeLessThan(Math.max(4 * (most ?? 0), 1000));
      },
    );

    if (enforcesPolicies !== true) return;
    it('keeps what its clients send by their primary interface in the cluster, under a policy of the network', async () => {
      const { scene, echo } = installed();
      const reached = () => scene.clients.map(({ namespace }) => pings(namespace, INTERNET.IPv4));
      // The nodes' own rules are taken away: whoever asks for the interface goes by it.
      await cluster().kubectl(['-n', NAMESPACE, 'delete', 'daemonset', '--all']);
      await cluster().kubectl(['-n', NAMESPACE, 'wait', '--for=delete', 'pod', '-l', AGENTS, '--timeout=60s']);
      for (const { namespace } of cluster().nodes) run(namespace, DELETE_LIMITS);
      expect(reached()).toEqual(scene.clients.map(() => true));
      const limited = rendered('multi-node', {
        // kube-router gives up at the rules of one family, the first or the second, where a policy has networks of both.
        'cluster.cidrs': ['10.0.0.0/8', '172.16.0.0/12'],
        clients: [{ selector: { matchLabels: { egress: 'vpn' } }, namespaces: ['apps'], networkPolicy: 'Enabled' }],
      });
      const policies = limited.split(/^---\n/m).filter((text) => text.includes('kind: NetworkPolicy\n'));
      await apply(cluster(), policies.join('---\n'));
      const begin = Date.now();
      await until('the policy', 120, () => !reached().includes(true));
      console.log(`${title}: the policy held after ${Date.now() - begin} ms`);
      for (const { namespace } of scene.clients) {
        expect(isAnswered(await tryTraffic(namespace, [...everywhere, ...echo.pod, ...echo.service]))).toBe(true);
      }
      await cluster().kubectl(['delete', '-f', '-'], policies.join('---\n'));
      await install(cluster(), manifests);
    }, 240_000);

    it('keeps the network under a NetworkPolicy that forbids its clients to send', async () => {
      const { scene, echo } = installed();
      const before = scene.clients.map(({ strays }) => strays());
      const ask = async (addresses: readonly string[]) =>
        (await Promise.all(scene.clients.map(async ({ namespace }) => tryTraffic(namespace, addresses)))).flat();
      await apply(cluster(), JSON.stringify(NO_EGRESS));
      await until('the policy', 120, async () => isSilent(await ask([...echo.pod, ...echo.service])));
      expect(isAnswered(await ask(everywhere))).toBe(true);
      expect(scene.clients.map(({ strays }) => strays())).toEqual(before);
    });
  });
}

const AGENTS = 'app.kubernetes.io/component=node-agent';

/** Deletes the rules that hold clients at their primary interface. */
const DELETE_LIMITS =
  "nft list tables netdev | grep -o 'gwn_.*_primary' | while read -r table; do nft delete table netdev $table; done";

/** Whether an address answers a pod that asks by its primary interface. */
function pings(namespace: Namespace, address: string): boolean {
  return tryRun(namespace, `ping -I eth0 -c 1 -W 1 ${address}`) !== undefined;
}

const NO_EGRESS = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'no-egress', namespace: 'apps' },
  spec: { podSelector: { matchLabels: { app: 'client' } }, policyTypes: ['Egress'] },
};
