import type { V1Container } from '@kubernetes/client-node';
import { expect, it, vi } from 'vitest';
import { run } from '../agent/namespace.ts';
import { type Cluster, createCluster } from './bed/cluster.ts';
import { countIncoming } from './bed/counter.ts';
import { example } from './bed/example.ts';
import { type Image, machineImage } from './bed/image.ts';
import { nodeOf } from './bed/installation.ts';
import { render } from './bed/manifests.ts';
import { createOpenVpn } from './bed/openvpn.ts';
import { type Pod, startPod } from './bed/pod.ts';
import { describeVpn } from './bed/requirements.ts';
import { isAnswered, startEchoServer, tryTraffic } from './bed/traffic.ts';
import { countOnWire, INTERNET, TO_INTERNET } from './bed/underlay.ts';
import { createVpnHost, VPN, type VpnServer } from './bed/vpn-host.ts';
import { createWireGuard, tunnelAddresses } from './bed/wireguard.ts';

const EVERYWHERE = [INTERNET.IPv4, INTERNET.IPv6];
const NET_ADMIN = { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } };
const { IPv4, IPv6 } = tunnelAddresses(1);

/** What is probed goes nowhere while there is no tunnel. */
const BLOCK = `ip route add unreachable ${INTERNET.IPv4} metric 5000 && ip -6 route add unreachable ${INTERNET.IPv6} metric 5000`;
const ROUTES = `--pull-filter ignore redirect-gateway --route ${INTERNET.IPv4} --route-ipv6 ${INTERNET.IPv6}/128`;
const WIREGUARD = `
  wireguard-go wg0 && sed '/^Address/d' /vpn/client.conf >/tmp/wg0.conf && wg setconf wg0 /tmp/wg0.conf &&
    ip addr add ${IPv4}/32 dev wg0 && ip addr add ${IPv6}/128 dev wg0 nodad && ip link set wg0 mtu 1420 up &&
    ip route add ${INTERNET.IPv4} dev wg0 src ${IPv4} && ip -6 route add ${INTERNET.IPv6} dev wg0 src ${IPv6} && exec sleep infinity`;
const SERVERS = [
  { title: 'WireGuard', create: createWireGuard, container: { image: 'node', command: ['sh', '-c', WIREGUARD] } },
  {
    title: 'OpenVPN',
    create: createOpenVpn,
    container: { image: 'example.com/openvpn:1', args: `--config /vpn/client.conf ${ROUTES}`.split(' ') },
  },
];

function startClient(cluster: Cluster, config: string, container: Partial<V1Container>): Pod {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'vpn', namespace: 'apps' } };
  const manifests = render(
    `${example('multi-node')}---\n${JSON.stringify({ ...secret, stringData: { 'client.conf': config } })}`,
  );
  return startPod(cluster, manifests, {
    node: nodeOf(cluster, 1),
    namespace: 'apps',
    template: {
      spec: {
        terminationGracePeriodSeconds: 0,
        initContainers: [{ name: 'block', command: ['sh', '-c', BLOCK], securityContext: NET_ADMIN }],
        containers: [
          {
            name: 'client',
            ...container,
            securityContext: NET_ADMIN,
            volumeMounts: [
              { name: 'vpn', mountPath: '/vpn', readOnly: true },
              { name: 'tun', mountPath: '/dev/net/tun' },
            ],
          },
        ],
        volumes: [
          { name: 'vpn', secret: { secretName: 'vpn' } },
          { name: 'tun', hostPath: { path: '/dev/net/tun', type: 'CharDevice' } },
        ],
      },
    },
  });
}

/**
 * Waits until what is sent by the tunnel is answered, which takes WireGuard 15 seconds when the
 * server has forgotten it.
 */
function untilAnswered({ namespace }: Pod): Promise<void> {
  const answered = async () => expect(isAnswered(await tryTraffic(namespace, EVERYWHERE))).toBe(true);
  return vi.waitFor(answered, { timeout: 40_000, interval: 500 });
}

describeVpn('the VPN server of the test bed', () => {
  it.each(SERVERS)('is a way to the internet, as long as it runs ($title)', async ({ create, container }) => {
    const images: Record<string, Image> = {};
    using cluster = createCluster({ nodes: 1, images });
    images['example.com/openvpn:1'] = machineImage(cluster.directory, ['openvpn']);
    const { underlay } = cluster;
    await startEchoServer(underlay.internet);
    const server: VpnServer = create(createVpnHost(cluster));
    server.start();
    const pod = startClient(cluster, server.clients[0] ?? '', container);
    const outside = countOnWire(underlay, 1, {
      matches: TO_INTERNET,
      except: [`ip daddr ${VPN.IPv4} udp dport ${server.port}`],
    });
    const tunnelled = countIncoming(underlay.internet, 'eth0', {
      matches: [`ip saddr ${VPN.IPv4}`, `ip6 saddr ${VPN.IPv6}`],
    });
    const others = countIncoming(underlay.internet, 'eth0', {
      matches: TO_INTERNET,
      except: [
        `ip saddr ${VPN.IPv4}`,
        `ip6 saddr ${VPN.IPv6}`,
        'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert }',
        // What hosts on the way say when the server is gone.
        'icmp type destination-unreachable',
        'icmpv6 type destination-unreachable',
      ],
    });
    await untilAnswered(pod);
    expect(tunnelled()).toBeGreaterThan(20);

    await server.end('SIGKILL');
    const before = tunnelled();
    expect(isAnswered(await tryTraffic(pod.namespace, EVERYWHERE))).toBe(false);
    expect(tunnelled()).toBe(before);

    server.start();
    await untilAnswered(pod);
    await server.end('SIGTERM');
    expect([outside(), others()]).toEqual([0, 0]);
    // What goes past the tunnel is counted: this, and what connections have not given up.
    await pod.kill('SIGKILL');
    run(pod.namespace, `ip route del unreachable ${INTERNET.IPv4} metric 5000 && ping -n -c 1 ${INTERNET.IPv4}`);
    expect(Math.min(outside(), others())).toBeGreaterThan(0);
  });
});
