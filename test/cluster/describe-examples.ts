import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAnswered, tryTraffic } from '../datapath/bed/traffic.ts';
import { INTERNET } from '../datapath/bed/underlay.ts';
import { VPN } from '../datapath/bed/vpn-host.ts';
import { describeCluster } from './describe.ts';
import { EXAMPLE_TOOLS } from './example-tools.ts';
import type { Example } from './examples.ts';
import { exec, installExample, type InstalledExample, routerOf } from './installed-example.ts';
import type { Client } from './pods.ts';
import { until } from './process.ts';
import { removeExample } from './removed-example.ts';
import { STATEMENTS } from './statements.ts';
import { statusOf } from './status.ts';
import { createWorld, HTTPS, MIRROR_PORT, OUTSIDE, SERVERS, WEB, type World } from './world.ts';

/**
 * How long after all is ready, in seconds, a client's node may be a stranger to the router's: DNS tells them of each
 * other.
 */
const STRANGERS = 45;

/** Installs examples one after another as their READMEs say, and holds them against what they promise. */
export function describeExamples(examples: readonly Example[]): void {
  describeCluster(
    'an example, by its README,',
    {},
    (cluster) => {
      let world: World;
      beforeAll(async () => {
        world = await createWorld(cluster());
      }, 60_000);

      it('is beside pods whose packets for the internet are counted', async () => {
        expect(isAnswered(await tryTraffic(world.web.namespace, [INTERNET.IPv4], undefined, HTTPS))).toBe(true);
        expect(world.web.strays()).toBeGreaterThan(10);
      });

      describe.each(examples)('$name', (example) => {
        let installed: InstalledExample;
        beforeAll(async () => {
          const start = Date.now();
          installed = await installExample(world, example);
          console.log(`${example.name}: ready after ${Date.now() - start} ms`);
        }, 120_000);
        afterAll(async () => {
          const start = Date.now();
          await removeExample(cluster());
          console.log(`${example.name}: gone after ${Date.now() - start} ms`);
        }, 180_000);

        it('sends what its clients send by its gateway and no other way', async () => {
          const { clients } = installed;
          expect(clients).toHaveLength(example.clients.reduce((sum, { pods }) => sum + pods, 0));
          const servers = serversOf(example);
          const start = Date.now();
          const answers = clients.map(async ({ name, namespace }) =>
            until(`an answer for ${name}`, STRANGERS, async () =>
              isAnswered(await tryTraffic(namespace, servers, undefined, HTTPS)),
            ),
          );
          await Promise.all(answers);
          console.log(`${example.name}: all clients answered after ${Date.now() - start} ms more`);
          const seen = clients.map(async (client) =>
            exec(installed, client, ['sh', '-c', servers.map((one) => `nc ${one} ${MIRROR_PORT}`).join('; ')]),
          );
          expect((await Promise.all(seen)).map((text) => text.trim().split('\n'))).toEqual(
            clients.map((client) => servers.map((server) => sourceOf(installed, client, server))),
          );
          expect(clients.map(({ strays }) => strays())).toEqual(clients.map(() => 0));
        });

        it('is well, says `status`, with its clients and one active router a network', async () => {
          const networks = await until('a status without a fault', 30, () => statusOf(cluster()));
          const clients = networks.flatMap((network) => network.clients.map(({ pod }) => pod));
          expect(clients).toEqual(expect.arrayContaining(installed.clients.map(({ name }) => name)));
          const active = networks.map(({ routers }) => routers.filter((router) => router.active === true).length);
          expect(active).toEqual(networks.map(() => 1));
        });

        it('answers its clients names, and leads them to a Service', async () => {
          const answers = installed.clients.map(async (client) => exec(installed, client, ['sh', '-c', NAMES]));
          const expected = [`Address: ${OUTSIDE.address}`, WEB.answer];
          expect((await Promise.all(answers)).map((text) => text.trim().split('\n'))).toEqual(
            answers.map(() => expected),
          );
        });

        it.each(STATEMENTS[example.name] ?? [])('$title', async ({ see, expected }) => {
          expect(await see(installed)).toEqual(expected);
        });

        it('leaves its clients to kubectl logs', async () => {
          const [client] = installed.clients;
          if (client === undefined) throw new Error('there is no client');
          await exec(installed, client, ['sh', '-c', 'echo logged >/proc/1/fd/1']);
          expect(await cluster().kubectl(['-n', client.kubernetesNamespace, 'logs', client.name])).toContain('logged');
        });
      });
    },
    EXAMPLE_TOOLS,
  );
}

/** Looks up a name outside, and asks a Service by its name. */
const lookUp = (name: string) => `nslookup -type=a ${name} | grep '^Address: '`;
const NAMES = `${lookUp(OUTSIDE.name)}
service=$(${lookUp(WEB.name)}) && wget -qO- "http://\${service#* }:${WEB.port}/"`;

function serversOf({ egress, families }: Example): readonly string[] {
  const server = egress === 'vlan' ? SERVERS.vlan : SERVERS.internet;
  return families.map((family) => server[family]);
}

/** The address that a server is to see. */
function sourceOf(installed: InstalledExample, client: Client, server: string): string | undefined {
  const family = server.includes(':') ? 'IPv6' : 'IPv4';
  switch (installed.example.egress ?? 'node') {
    case 'vlan':
      return { IPv4: '10.99.0.50', IPv6: 'fd00:99::50' }[family];
    case 'tunnel':
      return VPN[family];
    case 'node':
      return shortest(routerOf(installed, client, server)?.node.addresses[family] ?? '');
  }
}

/** An address as it is printed (RFC 5952). */
function shortest(address: string): string {
  return address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
