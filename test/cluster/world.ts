import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Namespace, run } from '../agent/namespace.ts';
import { type NameServer, startNameServer } from '../datapath/bed/name-server.ts';
import { createOpenVpn } from '../datapath/bed/openvpn.ts';
import { startEchoServer } from '../datapath/bed/traffic.ts';
import { INTERNET } from '../datapath/bed/underlay.ts';
import { createVlan, VLAN, type Vlan } from '../datapath/bed/vlan.ts';
import { createVpnHost, type VpnServer } from '../datapath/bed/vpn-host.ts';
import { createWireGuard } from '../datapath/bed/wireguard.ts';
import type { Cluster } from './cluster.ts';
import { BUSYBOX } from './cluster-images.ts';
import { type Client, asClient, pods } from './pods.ts';
import { importStandIns } from './stand-ins.ts';

/** What the examples expect of a world: servers outside the cluster, a VLAN, VPN servers, and another application. */
export interface World {
  readonly cluster: Cluster;
  readonly names: NameServer;
  readonly vlan: Vlan;
  readonly wireGuard: VpnServer;
  readonly openVpn: VpnServer;
  /** A pod that is no client, behind the Service of {@link WEB}. */
  readonly web: Client;
}

/** Where echo servers listen; every example lets traffic to this port out. */
export const HTTPS = 443;
/** Where a server tells who connects the address that it sees. */
export const MIRROR_PORT = 8081;
/** A name that the name server outside knows. */
export const OUTSIDE = { name: 'outside.example', address: INTERNET.IPv4 } as const;
export const WEB = { name: 'web.elsewhere.svc.cluster.local', port: 8080, answer: 'from elsewhere' } as const;

/**
 * The interface of the nodes on the VLAN, as the examples name it. Its frames carry no tag: the kernel here has no
 * VLANs.
 */
const VLAN_DEVICE = 'eth1.99';
/** Servers of others that the example of gluetun asks whether the tunnel works. */
const ASKED = ['1.1.1.1', '9.9.9.9'];

export async function createWorld(cluster: Cluster): Promise<World> {
  const { underlay, folder } = cluster;
  const { internet, fabric } = underlay;
  for (const address of ASKED) {
    run(internet, `ip addr add ${address}/32 dev lo`);
    run(fabric, `ip route add ${address} via ${INTERNET.IPv4}`);
  }
  await importStandIns(cluster);
  const vlan = createVlan(cluster, { device: VLAN_DEVICE });
  for (const host of [internet, vlan.server]) {
    await startEchoServer(host, undefined, HTTPS);
    await startMirror(host);
  }
  await startEchoServer(vlan.attacker, undefined, HTTPS);
  const names = startNameServer(internet, folder, [`${OUTSIDE.address} ${OUTSIDE.name}`]);
  const host = createVpnHost({ underlay, directory: folder });
  const [wireGuard, openVpn] = [createWireGuard(host), createOpenVpn(host)];
  for (const server of [wireGuard, openVpn]) server.start();
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(ELSEWHERE));
  await cluster.kubectl(['-n', 'elsewhere', 'wait', '--for=condition=Ready', 'pod/web', '--timeout=60s']);
  const [web] = await pods(cluster, 'elsewhere', 'app=web');
  if (web === undefined) throw new Error('the other application does not run');
  return { cluster, names, vlan, wireGuard, openVpn, web: asClient(web) };
}

/** The address of a server on the internet, or beyond the VLAN. */
export const SERVERS = { internet: INTERNET, vlan: VLAN.server } as const;

async function startMirror(namespace: Namespace): Promise<void> {
  const path = fileURLToPath(new URL('mirror.ts', import.meta.url));
  const command = ['netns', 'exec', namespace, process.execPath, path, String(MIRROR_PORT)];
  const server = spawn('ip', command, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(server.stdout, 'data');
  server.unref();
}

const metadata = { name: 'web', namespace: 'elsewhere', labels: { app: 'web' } };
const ELSEWHERE = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'elsewhere' } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata,
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: 'web',
            image: BUSYBOX,
            command: ['sh', '-c', `echo '${WEB.answer}' >/index.html && exec httpd -f -p ${WEB.port} -h /`],
            readinessProbe: { httpGet: { path: '/', port: WEB.port }, periodSeconds: 1 },
          },
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: { app: 'web' }, ports: [{ port: WEB.port }] },
    },
  ],
};
