import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { planOf } from '../plan/network.ts';
import { eventually } from './eventually.ts';
import { run } from './namespace.ts';
import { start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';
import { configWithoutBridge, createRouter, OUTSIDE, type Router } from './router.ts';

const TUNNEL = configWithoutBridge(
  planOf(
    '{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}, gateway: {egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: keys}}}}}',
  ),
);

/** That there is another router, as far as it matters here. */
const FAILOVER = { addresses: [], egressAddresses: [], synchronised: false };

/** Says something in a file that programs of a router share. */
function say({ directory }: Router, file: string, text: string): void {
  writeFileSync(`${directory}/state/${file}`, text);
}

function now(): string {
  return readFileSync('/proc/uptime', 'utf8').split('.')[0] ?? '';
}

function createTunnelRouter(): Router {
  const router = createRouter();
  for (const file of ['config.json', 'rules.nft']) writeConfig(router, file, TUNNEL[file] ?? '');
  run(router.namespace, 'ip link add wg0 type veth peer name far && ip link set far up && ip link set wg0 up');
  for (const address of ['10.64.0.2/32', 'fd00:64::2/128'])
    run(router.namespace, `ip addr add ${address} dev wg0 nodad`);
  return router;
}

describeInNamespaces('a router that starts', () => {
  it('does not believe that its predecessor has reached the world outside', async () => {
    const router = createRouter({ healthCheck: ['203.0.113.99'], failover: FAILOVER });
    for (const [file, text] of [
      ['outside', 'reached\n'],
      ['status', `${now()} ready\n`],
      ['track', '1\n'],
    ] as const)
      say(router, file, text);
    using running = start(router);
    await untilReady(router, /^not ready: none of 203.0.113.99 answers through eth0/);
    await setTimeout(2000);
    expect(running.log()).not.toMatch(/^ready/m);
    expect(readFileSync(`${router.directory}/state/track`, 'utf8')).toBe('1\n');
  });

  it('is ready at once where the world outside answers, and says so to keepalived, which may have begun after it', async () => {
    const router = createRouter({ healthCheck: OUTSIDE, failover: FAILOVER });
    const track = () => readFileSync(`${router.directory}/state/track`, 'utf8');
    // A machine's ping may need it.
    using running = start({ ...router, capabilities: ['net_raw'] });
    await untilReady(router, /^ready/);
    expect(running.log()).not.toMatch(/^not ready/m);
    expect(track()).toBe('0\n');
    say(router, 'track', '1\n');
    await eventually(() => expect(track()).toBe('0\n'));
  });

  it('does not believe what a tunnel has said before, until it says so again', async () => {
    const router = createTunnelRouter();
    say(router, 'wireguard.status', `${now()} ready\n`);
    using running = start(router);
    await untilReady(router, 'not ready: WireGuard: no check has been made yet');
    expect(running.log()).not.toMatch(/^ready/m);
    say(router, 'wireguard.status', `${now()} ready\n`);
    await untilReady(router);
  });

  it.each(['', '12', 'ready\n', 'x ready\n', '08 ready\n', `${10 ** 12 - 1} ready\n`, '- ready\n'])(
    'lives on and is not ready when a tunnel says %j',
    async (text) => {
      const router = createTunnelRouter();
      using running = start(router);
      await untilReady(router, /^not ready/);
      say(router, 'wireguard.status', `${now()} ready\n`);
      await untilReady(router);
      say(router, 'wireguard.status', text);
      await untilReady(router, 'not ready: WireGuard: no check has been made yet');
      say(router, 'wireguard.status', `${now()} ready\n`);
      await untilReady(router);
      expect(running.log()).not.toContain('llegal number');
    },
  );
});
