import { setTimeout } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { tryRun } from '../agent/namespace.ts';
import { untilReady } from './bed/installation.ts';
import { describeVpn } from './bed/requirements.ts';
import { isAnswered, tryTraffic } from './bed/traffic.ts';
import {
  createTunnelCluster,
  dismantle,
  EVERYWHERE,
  flap,
  FORMS,
  installTunnel,
  startAllTraffic,
  type TunnelScene,
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

/** Both forms at once, each in a cluster of its own. */
async function withEachForm(check: (scene: TunnelScene) => Promise<void>): Promise<void> {
  const checks = FORMS.map(async (form) => {
    using cluster = createTunnelCluster();
    await check(await installTunnel(cluster, form));
  });
  await Promise.all(checks);
}

describeVpn('no packet leaves outside the tunnel when', () => {
  it('it was never up', async () => {
    await withEachForm(async (scene) => {
      const traffic = await startAllTraffic(scene);
      await setTimeout(5000);
      await traffic.stop();
      expect(scene.outside(), scene.form.title).toEqual({});
    });
  });

  it.each(ACCIDENTS)(
    '%s',
    async (_, happen) => {
      await withEachForm(async (scene) => {
        scene.server.start();
        await untilReady([scene.router()]);
        for (const { namespace } of scene.clients) {
          const answered = async () =>
            expect(isAnswered(await tryTraffic(namespace, EVERYWHERE)), scene.form.title).toBe(true);
          await vi.waitFor(answered, { timeout: 10_000, interval: 100 });
        }
        const traffic = await startAllTraffic(scene);
        await setTimeout(500);
        await happen(scene);
        await setTimeout(3000);
        await traffic.stop();
        expect(scene.outside(), scene.form.title).toEqual({});
      });
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
const DISMANTLED = [
  { what: 'the output chain', commands: [OUTPUT], leaks: true },
  { what: 'the forward chain', commands: [FORWARD], leaks: false },
  { what: 'the routing table', commands: [TABLE], leaks: false },
  { what: 'the forward chain and the routing table', commands: [FORWARD, TABLE], leaks: true },
];

describeVpn('with the tunnel gone, this is seen without', () => {
  it.each(DISMANTLED)('$what: $leaks', async ({ commands, leaks }) => {
    await withEachForm(async (scene) => {
      scene.server.start();
      await untilReady([scene.router()]);
      await scene.router().kill('SIGKILL', scene.form.container);
      await dismantle(scene, commands);
      const traffic = await startAllTraffic(scene);
      await setTimeout(2000);
      await traffic.stop();
      expect(Object.keys(scene.outside()).length > 0, scene.form.title).toBe(leaks);
    });
  });
});
