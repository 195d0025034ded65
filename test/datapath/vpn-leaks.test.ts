import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { tryRun } from '../agent/namespace.ts';
import { untilReady } from './bed/installation.ts';
import { describeVpn } from './bed/requirements.ts';
import { isAnswered, tryTraffic } from './bed/traffic.ts';
import {
  CONTAINER,
  createTunnelCluster,
  dismantle,
  EVERYWHERE,
  flap,
  FORMS,
  installTunnel,
  startAllTraffic,
  type TunnelForm,
  type TunnelScene,
  WIREGUARD,
} from './tunnels.ts';

/** How long, in seconds, a tunnel comes and goes. */
const FLAPPING = 60;

const ACCIDENTS: readonly [string, (scene: TunnelScene) => unknown][] = [
  ['its container is killed', ({ router, form }) => router().kill('SIGKILL', form.container)],
  ['its server is gone', ({ server }) => server.end('SIGKILL')],
  [
    'its interface is deleted again and again',
    async ({ router, form }) => {
      for (let times = 0; times < 10; times++) {
        tryRun(router().namespace, `ip link del ${form.interface}`);
        await setTimeout(500);
      }
    },
  ],
  [
    "the router's own container is killed and starts again",
    async ({ router }) => {
      await router().kill('SIGKILL', 'router');
      await setTimeout(1000);
      router().restart('router');
    },
  ],
  [
    "all of the router's containers are killed and start again",
    async ({ router }) => {
      await router().crash();
      await setTimeout(1000);
      router().restart();
    },
  ],
  [
    "the router's pod is replaced",
    async ({ replaceRouter, router }) => {
      await replaceRouter();
      await untilReady([router()]);
    },
  ],
  [`it comes and goes for ${FLAPPING} seconds`, (scene) => flap(scene, FLAPPING)],
];

const CASES = FORMS.flatMap((form) => ACCIDENTS.map(([title, happen]) => ({ title, happen, form, name: form.title })));

describeVpn('no packet leaves outside the tunnel when', () => {
  it.each(FORMS)('it was never up: $title', async (form) => {
    using cluster = createTunnelCluster();
    const scene = await installTunnel(cluster, form);
    const traffic = await startAllTraffic(scene);
    await setTimeout(5000);
    await traffic.stop();
    expect(scene.outside()).toEqual({});
  });

  it.each(CASES)(
    '$title: $name',
    async ({ form, happen }) => {
      using cluster = createTunnelCluster();
      const scene = await installTunnel(cluster, form);
      scene.server.start();
      await untilReady([scene.router()]);
      for (const { namespace } of scene.clients) {
        expect(isAnswered(await tryTraffic(namespace, EVERYWHERE))).toBe(true);
      }
      const traffic = await startAllTraffic(scene);
      await setTimeout(500);
      await happen(scene);
      await setTimeout(3000);
      await traffic.stop();
      expect(scene.outside()).toEqual({});
    },
    150_000,
  );
});

const OUTPUT = 'nft delete chain inet gateway output';
const FORWARD = 'nft delete chain inet gateway forward';
const TABLE = ['-4', '-6']
  .map((family) => `ip ${family} rule del priority 91; ip ${family} rule del priority 94`)
  .join('; ');

/** What is taken away, and whether packets are seen then: of two that each hold by itself, one is enough. */
const DISMANTLED: readonly [string, readonly string[], boolean][] = [
  ['the output chain', [OUTPUT], true],
  ['the forward chain', [FORWARD], false],
  ['the routing table', [TABLE], false],
  ['the forward chain and the routing table', [FORWARD, TABLE], true],
];

describeVpn('with the tunnel gone, this is seen without', () => {
  const cases = [WIREGUARD, CONTAINER].flatMap((form: TunnelForm) =>
    DISMANTLED.map(([what, commands, leaks]) => ({ form, name: form.title, what, commands, leaks })),
  );
  it.each(cases)('$what: $leaks ($name)', async ({ form, commands, leaks }) => {
    using cluster = createTunnelCluster();
    const scene = await installTunnel(cluster, form);
    scene.server.start();
    await untilReady([scene.router()]);
    await scene.router().kill('SIGKILL', form.container);
    await dismantle(scene, commands);
    const traffic = await startAllTraffic(scene);
    await setTimeout(2000);
    await traffic.stop();
    expect(Object.keys(scene.outside()).length > 0).toBe(leaks);
  });
});
