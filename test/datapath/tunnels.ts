import { setTimeout } from 'node:timers/promises';
import { run } from '../agent/namespace.ts';
import { type Client, startClient } from './bed/client.ts';
import { type Cluster, type ClusterOptions, createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { type Image, machineImage } from './bed/image.ts';
import { install, type Installation, startRouter, untilReady } from './bed/installation.ts';
import { createOpenVpn } from './bed/openvpn.ts';
import type { Pod } from './bed/pod.ts';
import { startEchoServer, startTraffic, type Traffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';
import { createVpnHost, VPN, type VpnHost, type VpnServer } from './bed/vpn-host.ts';
import { type Packets, watchWire } from './bed/wire.ts';
import { createWireGuard } from './bed/wireguard.ts';

/** A kind of VPN egress as an example has it, and the server that it leads to. */
export interface TunnelForm {
  readonly title: string;
  /** The interface of the tunnel, and the container that keeps it. */
  readonly interface: string;
  readonly container: string;
  readonly createServer: (host: VpnHost) => VpnServer;
  /** The documents of the network and the Secret with a client's configuration. */
  readonly documents: (configuration: string, fields?: Readonly<Record<string, unknown>>) => string;
}

/** A network whose router is to leave by a tunnel, its server, and clients on all nodes. */
export interface TunnelScene extends Installation {
  readonly form: TunnelForm;
  readonly server: VpnServer;
  readonly clients: readonly Client[];
  readonly router: () => Pod;
  /** Deletes the router's pod and starts another. */
  readonly replaceRouter: () => Promise<void>;
  /** The packets of the router's node on the wire that do not belong there. */
  readonly outside: () => Packets;
}

/** The node of the router. */
export const ROUTER_NODE = 1;
export const EVERYWHERE = [INTERNET.IPv4, INTERNET.IPv6] as const;
/** The port of name servers. */
const DOMAIN = 53;
const OPENVPN_IMAGE = 'example.com/openvpn:2.6';

function secret(name: string, key: string, text: string): string {
  const object = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'egress' },
    stringData: { [key]: text },
  };
  return `---\n${JSON.stringify(object)}\n`;
}

/** OpenVPN in the place of gluetun, which needs a provider. */
const OPENVPN = {
  interface: 'tun0',
  endpoints: [{ protocol: 'UDP', port: 1194, cidrs: [`${VPN.IPv4}/32`] }],
  spec: {
    image: OPENVPN_IMAGE,
    args: '--config /vpn/client.conf --pull-filter ignore redirect-gateway --connect-retry 1 2'.split(' '),
    securityContext: { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } },
    volumeMounts: [
      { name: 'vpn', mountPath: '/vpn', readOnly: true },
      { name: 'tun', mountPath: '/dev/net/tun' },
    ],
  },
  volumes: [
    { name: 'vpn', secret: { secretName: 'openvpn' } },
    { name: 'tun', hostPath: { path: '/dev/net/tun', type: 'CharDevice' } },
  ],
};

const DUAL_STACK = { subnets: ['192.168.50.0/24', 'fd00:50::/64'] };

export const WIREGUARD: TunnelForm = {
  title: 'WireGuard',
  interface: 'wg0',
  container: 'wireguard',
  createServer: createWireGuard,
  documents: (configuration, fields = {}) =>
    example('vpn-wireguard', { 'gateway.egress.vpn.wireGuard.implementation': 'Userspace', ...fields }) +
    secret('wireguard', 'wg0.conf', configuration),
};

export const CONTAINER: TunnelForm = {
  title: 'a container with OpenVPN',
  interface: 'tun0',
  container: 'vpn',
  createServer: createOpenVpn,
  documents: (configuration, fields = {}) =>
    example('vpn-gluetun', {
      ...DUAL_STACK,
      'gateway.egress.vpn.container': OPENVPN,
      'gateway.healthCheck': undefined,
      ...fields,
    }) + secret('openvpn', 'client.conf', configuration),
};

export const FORMS = [WIREGUARD, CONTAINER];

/** What a cluster is made with, so that the container of a form can be started there. */
export function createTunnelCluster(options: ClusterOptions = {}): Cluster {
  const images: Record<string, Image> = {};
  const cluster = createCluster({ ...options, images });
  images[OPENVPN_IMAGE] = machineImage(cluster.directory, ['openvpn']);
  return cluster;
}

/**
 * What a node may send that has a router with a tunnel: the overlay, the tunnel's own packets,
 * questions to the cluster's DNS, whose
 * pod is on another node, that the node itself does not take what another node or that pod has
 * sent, the server's packets for a pod that has
 * gone, which nodes send back, and how hosts on a link find each other.
 */
function belongs({ port }: VpnServer): readonly string[] {
  return [
    'ether type arp',
    'ip daddr 172.18.0.0/24 udp dport 4799',
    `ip daddr ${VPN.IPv4} udp dport ${port}`,
    `ip saddr ${VPN.IPv4} udp sport ${port}`,
    'ip daddr { 10.96.0.0/16, 10.244.0.0/16 } udp dport 53',
    'ip saddr 172.18.0.11 ip daddr { 10.244.0.0/16, 172.18.0.0/24 } icmp type destination-unreachable',
    'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld2-listener-report }',
  ];
}

/** Installs a network; the server does not run yet, and nobody waits for the router. */
export async function installTunnel(
  cluster: Cluster,
  form: TunnelForm,
  fields: Readonly<Record<string, unknown>> = {},
  adapt: (configuration: string) => string = (configuration) => configuration,
): Promise<TunnelScene> {
  const { underlay } = cluster;
  await startEchoServer(underlay.internet);
  await startEchoServer(underlay.internet, undefined, DOMAIN);
  const server = form.createServer(createVpnHost(cluster));
  const outside = watchWire(underlay, ROUTER_NODE, belongs(server));
  const documents = form.documents(adapt(server.clients[0] ?? ''), fields);
  const installation = install(cluster, documents, ROUTER_NODE);
  await untilReady(installation.agents);
  const { manifests, routers } = installation;
  const router = () => routers[0] as Pod;
  return {
    ...installation,
    form,
    server,
    clients: cluster.nodes.map(({ number }) => startClient(installation, number)),
    router,
    replaceRouter: async () => {
      await router().remove();
      const [deployment] = manifests.deployments.filter(({ metadata }) => metadata?.name === 'vpn-router-0');
      const [node] = cluster.nodes.filter(({ number }) => number === ROUTER_NODE);
      if (!deployment || !node) throw new Error('no router');
      routers[0] = startRouter(cluster, manifests, deployment, node);
    },
    outside,
  };
}

/**
 * Sends from all clients and from the router's own pod, everything everywhere: UDP, TCP, ICMP, and
 * to the port of name servers.
 */
export async function startAllTraffic({ clients, router }: TunnelScene): Promise<Traffic> {
  const senders = [...clients.map(({ namespace }) => namespace), router().namespace];
  const traffic = await Promise.all(
    senders.flatMap((namespace) => [
      startTraffic(namespace, EVERYWHERE),
      startTraffic(namespace, EVERYWHERE, '-', DOMAIN),
    ]),
  );
  return { stop: async () => (await Promise.all(traffic.map(({ stop }) => stop()))).flat() };
}

/**
 * Kills the container of the tunnel and starts it again, and the server's way to it comes and goes,
 * for some seconds.
 */
export async function flap({ router, form, server }: TunnelScene, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (let round = 0; Date.now() < end; round++) {
    if (round % 2 === 0) {
      await router().kill('SIGKILL', form.container);
      await setTimeout(700);
      router().restart(form.container);
    } else {
      await server.end('SIGKILL');
      await setTimeout(700);
      server.start();
    }
    await setTimeout(1500);
  }
}

/** Takes parts of the kill switch out of a router whose own program no longer mends it. */
export async function dismantle({ router }: TunnelScene, commands: readonly string[]): Promise<void> {
  await router().kill('SIGKILL', 'router');
  for (const command of commands) run(router().namespace, command);
}
