import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { DATAGRAM, INET, option, send, socket, socketAddress, type Tried } from '../../fn/verify/calls.ts';
import { tryRun } from '../agent/namespace.ts';
import { ACCIDENTS, type Scene } from './accidents.ts';
import { startClient } from './bed/client.ts';
import { createCluster } from './bed/cluster.ts';
import { nodeOf, untilReady } from './bed/installation.ts';
import { installServices } from './bed/primary-network.ts';
import { describeDatapath } from './bed/requirements.ts';
import { repeatCalls, UNPRIVILEGED } from './bed/sockets.ts';
import { countOnWire, INTERNET } from './bed/underlay.ts';
import { prepare, type Seen, takeAway, tryEverything, watch } from './hostile.ts';
import { REFUSED } from './hostile-refused.ts';
import { WAYS } from './hostile-ways.ts';

/** How long, in seconds, all ways are tried in each state of the router: HOSTILE_SECONDS, where that is set. */
const SECONDS = Number(process.env['HOSTILE_SECONDS'] ?? 12);
/** How long it takes until each way that is open was seen. */
const OPEN_SECONDS = 5;

/** Those of the accidents that do not wait until nobody sends, the more likely ones first. */
const CHANGES = ACCIDENTS.filter(({ title }) => /deleted|killed|put down/.test(title));

/** The state of the router while all ways are tried. */
type State = readonly [title: string, happen: (scene: Scene, until: number) => Promise<unknown> | void];

const STATES: readonly State[] = [
  ['up', () => undefined],
  [
    'changing',
    async (scene, until) => {
      for (let number = 0; Date.now() < until; number++) {
        const accident = CHANGES[number % CHANGES.length];
        await accident?.happen(scene);
        await accident?.repair(scene);
      }
    },
  ],
  ['dead', ({ routers }) => routers[0]?.remove()],
];

/** What is to be seen without the second layer, as packets or none. */
const open = (): Readonly<Record<string, readonly boolean[]>> =>
  Object.fromEntries(WAYS.filter(({ isOpen }) => isOpen.includes(true)).map(({ title, isOpen }) => [title, isOpen]));

function asOpen(seen: Seen): Readonly<Record<string, readonly boolean[]>> {
  return Object.fromEntries(Object.entries(seen).map(([title, counts]) => [title, counts.map((count) => count > 0)]));
}

/** The calls that failed of those that the kernel refuses. */
function refusals(tried: ReadonlyMap<string, Tried>): readonly unknown[] {
  return REFUSED.map(([title]) => [title, tried.get(title)]);
}

describeDatapath('a hostile program in a client', () => {
  it(
    'sends nothing around the gateway, whatever it tries, and all that it may try without the second layer',
    async () => {
      using cluster = createCluster({ nodes: 3 });
      const scene = await prepare(cluster);
      const refused = REFUSED.map(([title, failing]) => [
        title,
        { sent: 0, error: `${failing}: Operation not permitted` },
      ]);
      for (const [state, happen] of STATES) {
        const { seen, letIn } = watch(scene);
        const until = Date.now() + SECONDS * 1000;
        const trying = tryEverything(scene, SECONDS);
        await setTimeout(500);
        await happen(scene, until);
        const tried = await trying;
        const sent = tried.flatMap((each) => [...each.values()]).reduce((sum, each) => sum + each.sent, 0);
        expect.soft(sent, `router ${state}`).toBeGreaterThan(WAYS.length * SECONDS);
        expect.soft(seen(), `router ${state}`).toEqual({});
        expect.soft(letIn(), `router ${state}`).toBe(0);
        for (const each of tried) expect.soft(refusals(each), `router ${state}`).toEqual(refused);
      }

      await takeAway(scene);
      const { seen, letIn } = watch(scene);
      await tryEverything(scene, OPEN_SECONDS);
      expect(asOpen(seen())).toEqual(open());
      expect(letIn()).toBeGreaterThan(0);

      // In a user namespace of its own it has all capabilities, but not over the pod's network.
      const [client] = scene.clients;
      const raw = `socket(S, 2, 3, 255) or print $!`;
      const said = tryRun(client?.namespace ?? '', `${UNPRIVILEGED} unshare -Ur perl -e '${raw}'`);
      expect(said).toBe('Operation not permitted');
    },
    120_000 + 4000 * SECONDS,
  );

  // Both are in docs/how-it-works.md, with what closes them.
  it('is let out by a Service whose endpoints are outside, and by eth0 before an agent has seen its pod', async () => {
    using cluster = createCluster({ nodes: 3 });
    const scene = await prepare(cluster);
    const seen = countOnWire(cluster.underlay, 1, { matches: [`ip daddr ${INTERNET.IPv4}`] });
    const sendTo = async (namespace: string, address: string, ...options: readonly string[]) => {
      const before = seen();
      const calls = [socket(INET, DATAGRAM), ...options, send(socketAddress(address, 8080), Buffer.from('x'))];
      await repeatCalls(namespace, [calls], 1);
      return seen() - before;
    };
    const [client] = scene.clients;
    const outside = {
      addresses: ['10.96.0.99', 'fd00:10:96::99'],
      pods: [INTERNET.IPv4, INTERNET.IPv6],
      port: 8080,
    } as const;
    installServices(nodeOf(cluster, 1).namespace, [outside]);
    expect(await sendTo(client?.namespace ?? '', outside.addresses[0])).toBeGreaterThan(0);

    const [agent] = scene.agents;
    await agent?.kill('SIGKILL');
    const { namespace } = startClient(scene, 1);
    const byDevice = option(1, 25, Buffer.from('eth0\0'));
    expect(await sendTo(namespace, INTERNET.IPv4, byDevice)).toBeGreaterThan(0);
    expect(await sendTo(client?.namespace ?? '', INTERNET.IPv4, byDevice)).toBe(0);
    agent?.restart();
    await untilReady(scene.agents);
    expect(await sendTo(namespace, INTERNET.IPv4, byDevice)).toBe(0);
    expect(await sendTo(namespace, INTERNET.IPv4)).toBe(0);
  });
});
