import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { run, tryRun } from '../agent/namespace.ts';
import { countSources } from './bed/counter.ts';
import { untilReady } from './bed/installation.ts';
import { describeVpn } from './bed/requirements.ts';
import { backAfter, isAnswered, lost, startTraffic, tryTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';
import { VPN } from './bed/vpn-host.ts';
import {
  CONTAINER,
  createTunnelCluster,
  EVERYWHERE,
  FORMS,
  installTunnel,
  type TunnelForm,
  type TunnelScene,
  WIREGUARD,
} from './tunnels.ts';

const link = /^(fe80|203\.0\.113\.1$|2001:db8::1$)/;

async function untilUp(scene: TunnelScene): Promise<void> {
  scene.server.start();
  await untilReady([scene.router()]);
}

describeVpn('clients of a network with a VPN', () => {
  it.each(FORMS)('reach the internet as the VPN server: $title', async (form) => {
    using cluster = createTunnelCluster();
    const scene = await installTunnel(cluster, form);
    const sources = countSources(cluster.underlay.internet, 'eth0');
    await untilUp(scene);
    for (const { namespace } of scene.clients) {
      const reports = await tryTraffic(namespace, EVERYWHERE);
      expect(isAnswered(reports)).toBe(true);
      expect(reports.map(({ udp }) => lost(udp))).toEqual([0, 0]);
    }
    const from = Object.keys(sources()).filter((address) => !link.test(address));
    expect(from.toSorted()).toEqual([VPN.IPv6, VPN.IPv4]);
    expect(scene.outside()).toEqual({});
  });

  it("reach it by a server whose name the cluster's DNS knows", async () => {
    using cluster = createTunnelCluster();
    const scene = await installTunnel(cluster, WIREGUARD, {}, (configuration) =>
      configuration.replace(`Endpoint = ${VPN.IPv4}`, 'Endpoint = vpn.cluster.local'),
    );
    const unknown = 'WireGuard: the name of the endpoint is not resolved: vpn.cluster.local:51820';
    await eventually(() => expect(scene.router().probe('router').output).toContain(unknown));
    cluster.dns.write([`${VPN.IPv4} vpn.cluster.local`]);
    await untilUp(scene);
    const [client] = scene.clients;
    expect(isAnswered(await tryTraffic(client?.namespace ?? '', EVERYWHERE))).toBe(true);
    expect(scene.outside()).toEqual({});
  });

  it('carries packets as large as the tunnel does, and says what is too large', async () => {
    using cluster = createTunnelCluster();
    const scene = await installTunnel(cluster, WIREGUARD);
    await untilUp(scene);
    const [client] = scene.clients;
    const ping = (size: number) =>
      tryRun(client?.namespace ?? '', `ping -n -c 1 -W 1 -M do -s ${size} ${INTERNET.IPv4}`);
    expect(ping(1420 - 28)).toBeDefined();
    expect(ping(1420 - 27)).toBeUndefined();
    expect(run(client?.namespace ?? '', `ip route get ${INTERNET.IPv4}`)).toContain('mtu 1420');
  });

  it('have no IPv6 where the tunnel has none, and are told so at once', async () => {
    using cluster = createTunnelCluster();
    const scene = await installTunnel(cluster, WIREGUARD, {}, (configuration) =>
      configuration.replace(/, fd00:66\S+/, ''),
    );
    await untilUp(scene);
    expect(scene.router().probe('router').output).toBe('ready; wg0 has no IPv6 address: IPv6 does not leave');
    const [client] = scene.clients;
    expect(isAnswered(await tryTraffic(client?.namespace ?? '', [INTERNET.IPv4]))).toBe(true);
    const begin = Date.now();
    const refused = tryRun(client?.namespace ?? '', `ping -6 -n -c 1 -W 5 ${INTERNET.IPv6} | grep -c unreachable`);
    expect(refused).toBe('1\n');
    expect(Date.now() - begin).toBeLessThan(1000);
    await (await startTraffic(client?.namespace ?? '', [INTERNET.IPv6])).stop();
    expect(scene.outside()).toEqual({});
  });

  it('get their traffic back when the router does', async () => {
    using cluster = createTunnelCluster();
    const scene = await installTunnel(cluster, WIREGUARD);
    const waiting = /^not ready: .*WireGuard: no handshake yet with /;
    await eventually(() => expect(scene.router().probe('router').output).toMatch(waiting));
    await untilUp(scene);
    expect(scene.router().probe('router').output).toBe('ready');
    await scene.router().kill('SIGKILL', 'wireguard');
    await eventually(() => expect(scene.router().probe('router').output).toContain('waiting for the interface wg0'));
    scene.router().restart('wireguard');
    await untilReady([scene.router()]);
  });
});

/**
 * What happens to a tunnel, how it is mended, and how long, in milliseconds, it may take from then
 * until traffic is back.
 */
interface Return {
  readonly title: string;
  readonly form: TunnelForm;
  readonly within: number;
  readonly happen: (scene: TunnelScene) => unknown;
  readonly repair?: (scene: TunnelScene) => unknown;
}

const killContainer = ({ router, form }: TunnelScene) => router().kill('SIGKILL', form.container);
const restartContainer = ({ router, form }: TunnelScene) => router().restart(form.container);
const killServer = ({ server }: TunnelScene) => server.end('SIGKILL');
const startServer = ({ server }: TunnelScene) => server.start();

const RETURNS: readonly Return[] = [
  {
    title: 'the container of WireGuard has started again',
    form: WIREGUARD,
    within: 4000,
    happen: killContainer,
    repair: restartContainer,
  },
  {
    title: 'the interface of WireGuard was deleted',
    form: WIREGUARD,
    within: 4000,
    happen: ({ router }) => run(router().namespace, 'ip link del wg0'),
  },
  {
    title: 'a WireGuard server has started again and knows of nobody',
    form: WIREGUARD,
    within: 45_000,
    happen: killServer,
    repair: startServer,
  },
  {
    title: 'a container with OpenVPN has started again',
    form: CONTAINER,
    within: 6000,
    happen: killContainer,
    repair: restartContainer,
  },
  {
    title: 'an OpenVPN server has started again',
    form: CONTAINER,
    within: 15_000,
    happen: killServer,
    repair: startServer,
  },
];

describeVpn('traffic is back soon after', () => {
  it.each(RETURNS)(
    '$title',
    async ({ form, within, happen, repair }) => {
      using cluster = createTunnelCluster();
      const scene = await installTunnel(cluster, form);
      await untilUp(scene);
      const traffic = await startTraffic(scene.clients[1]?.namespace ?? '', EVERYWHERE);
      await setTimeout(1000);
      const happened = Date.now();
      await happen(scene);
      if (repair) await setTimeout(1000);
      await repair?.(scene);
      const repaired = repair ? Date.now() : happened;
      await setTimeout(within);
      for (const { udp } of await traffic.stop()) expect(backAfter(udp, repaired)).toBeLessThan(within);
      expect(scene.outside()).toEqual({});
    },
    120_000,
  );
});
