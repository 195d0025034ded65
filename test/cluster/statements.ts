import { expect } from 'vitest';
import { run } from '../agent/namespace.ts';
import { countSources } from '../datapath/bed/counter.ts';
import { type Report, startEchoServer, tryTraffic } from '../datapath/bed/traffic.ts';
import { countOnWire, INTERNET, TO_INTERNET } from '../datapath/bed/underlay.ts';
import { VLAN } from '../datapath/bed/vlan.ts';
import { VPN } from '../datapath/bed/vpn-host.ts';
import { watchSources } from '../datapath/bed/watcher.ts';
import { exec, type InstalledExample } from './installed-example.ts';
import { type Client, pods } from './pods.ts';
import { HTTPS } from './world.ts';

/** What the README of one example says beside what all are asked. */
interface Statement {
  readonly title: string;
  readonly see: (installed: InstalledExample) => unknown;
  readonly expected: unknown;
}

const GATEWAY = ['192.168.50.1', 'fd00:50::1'];
/** How the server is called. */
const TO_SERVER = ['ip daddr 192.168.50.99 tcp dport 8080', 'ip6 daddr fd00:50::63 tcp dport 8080'] as const;
/** An address that a load balancer of the cluster gives the Service. */
const BALANCED = '198.51.100.77';

const PRIVILEGED = `{apiVersion: v1, kind: Pod, metadata: {name: privileged, namespace: apps},
  spec: {containers: [{name: privileged, image: none, securityContext: {privileged: true}}]}}`;

const OTHER_SUBNET: Statement = {
  title: 'has the subnet of the overlay',
  see: ({ clients }) => clients.map((client) => client.addresses('net1')[0]?.startsWith('192.168.60.')),
  expected: [true, true],
};

const TWO_ROUTERS: Statement = {
  title: 'has routers on two nodes, one of which has the addresses of the gateway',
  see: ({ routers }) => ({
    nodes: routers.map(({ node }) => node.name).toSorted(),
    gateways: routers.filter((router) => GATEWAY.every((one) => router.addresses('net1').includes(one))).length,
  }),
  expected: { nodes: ['node1', 'node2'], gateways: 1 },
};

/** By the name of the example. */
export const STATEMENTS: Readonly<Record<string, readonly Statement[]>> = {
  'single-node': [
    {
      title: 'has a namespace of clients that lets no privileged pod in',
      see: async ({ world }) =>
        world.cluster.kubectl(['apply', '-f', '-'], PRIVILEGED).catch(({ stderr }: { stderr: string }) => stderr),
      expected: expect.stringContaining('violates PodSecurity "restricted:latest": privileged'),
    },
  ],
  'dual-stack': [
    {
      title: 'leaves 70 bytes of a packet to a VXLAN over IPv6',
      see: ({ clients }) => clients.map(({ namespace }) => run(namespace, 'cat /sys/class/net/net1/mtu').trim()),
      expected: ['1430', '1430'],
    },
  ],
  multicast: [
    {
      title: 'sends broadcasts to the group',
      see: async ({ world, clients }) => {
        const counts = clients.map(({ node }) =>
          countOnWire(world.cluster.underlay, node.number, { matches: ['ip daddr 224.0.0.88 udp dport 4799'] }),
        );
        for (const { namespace } of clients) run(namespace, 'ping -n -c 1 -W 1 192.168.50.250 || true');
        return counts.map((count) => count() > 0);
      },
      expected: [true, true],
    },
  ],
  'ha-vrrp': [TWO_ROUTERS],
  'ha-vlan-conntrack': [TWO_ROUTERS],
  'client-options': [
    {
      title: 'gives one its fixed addresses',
      see: ({ clients }) => named(clients, 'mail').map((mail) => mail.addresses('net1')),
      expected: [['192.168.50.200', 'fd00:50::200']],
    },
    {
      title: 'has others ask the resolver at the gateway',
      see: async (installed) =>
        Promise.all(
          named(installed.clients, 'crawler').map(async (crawler) => {
            const answer = await exec(installed, crawler, [
              'nslookup',
              '-type=a',
              'kubernetes.default.svc.cluster.local',
            ]);
            return /^Server:\s+(\S+)/m.exec(answer)?.[1];
          }),
        ),
      expected: [GATEWAY[0], GATEWAY[0], GATEWAY[0]],
    },
    {
      title: 'has one answer who calls it from outside by a port of its node',
      see: async ({ world, clients }) => {
        const [peer] = named(clients, 'peer');
        if (peer === undefined) throw new Error('there is no peer');
        await startEchoServer(peer.namespace, undefined, 6881);
        const sources = countSources(peer.namespace, 'eth0');
        const [report] = await tryTraffic(
          world.cluster.underlay.internet,
          [peer.node.addresses.IPv4],
          undefined,
          31681,
        );
        return { answered: report?.tcp.some(([, at]) => at > 0), seen: INTERNET.IPv4 in sources() };
      },
      expected: { answered: true, seen: true },
    },
  ],
  'port-forward': [
    {
      title: 'leads callers of its Service to the server, which sees them',
      see: async ({ world, clients, routers }) => {
        const { kubectl, underlay } = world.cluster;
        const status = { status: { loadBalancer: { ingress: [{ ip: BALANCED }] } } };
        const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify(status)];
        await kubectl(['-n', 'egress', 'patch', 'service', 'vpn-ports', ...patch]);
        run(underlay.fabric, `ip route replace ${BALANCED} via ${routers[0]?.node.addresses.IPv4}`);
        const callers = watchSources(clients[0]?.namespace ?? '', TO_SERVER);
        const [report] = await tryTraffic(underlay.internet, [BALANCED], undefined, 6881);
        return { answered: report?.tcp.some(([, at]) => at > 0), callers: callers() };
      },
      expected: { answered: true, callers: [INTERNET.IPv4] },
    },
  ],
  'two-networks': [
    {
      title: 'has the second on the nodes of its zone only',
      see: async ({ world, clients }) => {
        const all = await pods(world.cluster, 'egress', 'gatewaynetwork.dev/network=scan');
        return [...new Set([...all, ...named(clients, 'scanner')].map(({ node }) => node.name))];
      },
      expected: ['node2'],
    },
  ],
  'untrusted-vlan': [
    {
      title: 'lets out only what its lists allow',
      see: async ({ world, clients }) => {
        const [client] = clients;
        await startEchoServer(world.vlan.server, undefined, 22);
        const ask = async (from: string) => [
          ...(await tryTraffic(from, Object.values(VLAN.server), undefined, 22)),
          ...(await tryTraffic(from, Object.values(VLAN.attacker), undefined, HTTPS)),
        ];
        return {
          client: (await ask(client?.namespace ?? '')).map(isReached),
          router: (await ask(world.vlan.router)).map(isReached),
        };
      },
      expected: { client: [false, false, false, false], router: [true, true, true, true] },
    },
  ],
  'vpn-wireguard': [
    {
      title: 'lets nothing out while the tunnel is down',
      see: async ({ world, clients, routers }) => {
        const { underlay, nodes } = world.cluster;
        const own = [`ip daddr ${VPN.IPv4} udp dport ${world.wireGuard.port}`, 'udp dport 53'];
        await world.wireGuard.end('SIGKILL');
        const seen = nodes.map(({ number }) => countOnWire(underlay, number, { matches: TO_INTERNET, except: own }));
        const tries = clients.map(async ({ namespace }) =>
          tryTraffic(namespace, Object.values(INTERNET), undefined, HTTPS),
        );
        const reports = (await Promise.all(tries)).flat();
        return {
          routers: routers.length,
          reached: reports.some(isReached),
          seen: [...seen, ...clients.map(({ strays }) => strays)].map((count) => count()),
        };
      },
      expected: { routers: 1, reached: false, seen: [0, 0, 0, 0] },
    },
  ],
  'inject-workloads': [
    {
      title: 'has a CronJob whose pods end',
      see: async ({ world: { cluster } }) => {
        await cluster.kubectl(['-n', 'apps', 'create', 'job', 'once', '--from=cronjob/nightly-report']);
        return cluster.kubectl(['-n', 'apps', 'wait', '--for=condition=Complete', 'job/once', '--timeout=30s']);
      },
      expected: expect.stringContaining('condition met'),
    },
  ],
  'kustomize-transformer': [OTHER_SUBNET],
  'argo-cd': [OTHER_SUBNET],
};

function named(clients: readonly Client[], name: string): readonly Client[] {
  return clients.filter((client) => client.name.startsWith(`${name}-`));
}

function isReached({ udp, tcp }: Report): boolean {
  return [...udp, ...tcp].some(([, answered]) => answered > 0);
}
