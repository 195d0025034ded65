import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TUNNEL_MARK } from '../../fn/node/config/packets.ts';
import { planOf } from '../plan/network.ts';
import { eventually } from './eventually.ts';
import { run, tryRun } from './namespace.ts';
import { readiness, start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';
import { configWithoutBridge, createRouter, OUTSIDE, type Router } from './router.ts';

const VPN = '{type: WireGuard, wireGuard: {secretName: keys}}';
const CONFIG = configWithoutBridge(
  planOf(
    `{subnets: [192.168.50.0/24, "fd00:50::/64"], overlay: {vni: 7}, gateway: {egress: {type: VPN, vpn: ${VPN}}}}`,
  ),
);

function createTunnelRouter(): Router {
  const router = createRouter();
  for (const file of ['config.json', 'rules.nft']) writeConfig(router, file, CONFIG[file] ?? '');
  return router;
}

/** Says what the program of the tunnel says. */
function report({ directory }: Router, state: string): void {
  const [uptime = ''] = readFileSync('/proc/uptime', 'utf8').split('.');
  writeFileSync(`${directory}/state/wireguard.status`, `${uptime} ${state}\n`);
}

/** Makes an interface of the tunnel's name; what is at its other end does not matter here. */
function addTunnel({ namespace }: Router, addresses = ['10.64.0.2/32', 'fd00:64::2/128']): void {
  run(namespace, 'ip link add wg0 type veth peer name far && ip link set far up && ip link set wg0 up');
  for (const address of addresses) run(namespace, `ip addr add ${address} dev wg0 nodad`);
}

/** What there is in the table for what is to leave; nothing at all before there was ever anything in it. */
const routes = ({ namespace }: Router) =>
  ['-4', '-6']
    .map((family) => tryRun(namespace, `ip ${family} route show table 100`) ?? '')
    .join('')
    .replaceAll(/ linkdown| pref \w+| scope \w+|[ \n]+$/gm, '');
const policies = ({ namespace }: Router) =>
  run(namespace, 'ip rule show; ip -6 rule show')
    .match(/^9\d:.*(?=\n)/gm)
    ?.map((rule) => rule.replaceAll(/\s+/g, ' ').trim());
const refused = (router: Router, address: string) =>
  tryRun(router.client, `ping -n -c 1 -W 2 ${address} | grep -c 'nreachable'`) === '1\n';

/** The mark of the tunnel's own packets, as ping takes it. */
const MARK = Number(TUNNEL_MARK);

describeInNamespaces(
  'a router whose egress is a tunnel',
  () => {
    it('refuses what is to leave while there is no tunnel, of both families, and says what it waits for', async () => {
      const router = createTunnelRouter();
      using running = start(router);
      await untilReady(router, 'not ready: waiting for the interface wg0; WireGuard: no check has been made yet');
      expect(routes(router)).toBe('');
      expect(policies(router)).toEqual(
        ['192.168.50.0/24', 'fd00:50::/64'].flatMap((subnet) => [
          `90: from all to ${subnet} lookup main`,
          '91: from all iif net1 lookup 100',
          '92: from all oif wg0 [detached] lookup 100',
          '94: from all iif net1 unreachable',
        ]),
      );
      await eventually(() => expect(OUTSIDE.filter((address) => refused(router, address))).toEqual(OUTSIDE));
      report(router, 'not ready: no handshake yet with vpn.example:51820');
      const silent = 'not ready: waiting for the interface wg0; WireGuard: no handshake yet with vpn.example:51820';
      await untilReady(router, silent);
      // It finds what it has made, and makes it once.
      expect(running.log().match(/^IPv[46]: /gm)).toHaveLength(8);
    });

    it('takes the tunnel as soon as it is there, and again when it is another', async () => {
      const router = createTunnelRouter();
      using _ = start(router);
      await untilReady(router, /^not ready/);
      for (const _again of [1, 2]) {
        const begin = Date.now();
        addTunnel(router);
        report(router, 'ready');
        await eventually(() => expect(readiness(router)).toBe('ready'));
        // It has just looked, and would look at everything eight seconds later where nothing made it look.
        expect(Date.now() - begin).toBeLessThan(4000);
        expect(routes(router)).toBe('default dev wg0\ndefault dev wg0 metric 1024');
        run(router.namespace, 'ip link del wg0');
        expect(routes(router)).toBe('');
        await eventually(() => expect(readiness(router)).toContain('waiting for the interface wg0'));
      }
    });

    it('takes an address that comes after the interface', async () => {
      const router = createTunnelRouter();
      using _ = start(router);
      await untilReady(router, /^not ready/);
      addTunnel(router, ['10.64.0.2/32']);
      report(router, 'ready');
      await eventually(() => expect(readiness(router)).toContain('wg0 has no IPv6 address'));
      run(router.namespace, 'ip addr add fd00:64::2/128 dev wg0 nodad');
      const begin = Date.now();
      await eventually(() => expect(readiness(router)).toBe('ready'));
      expect(Date.now() - begin).toBeLessThan(4000);
    });

    it('refuses the family that the tunnel does not carry', async () => {
      const router = createTunnelRouter();
      using _ = start(router);
      // What was said before it has begun is a predecessor's.
      await untilReady(router, /^not ready/);
      addTunnel(router, ['10.64.0.2/32']);
      report(router, 'ready');
      await eventually(() => expect(readiness(router)).toContain('wg0 has no IPv6 address: IPv6 does not leave'));
      expect(routes(router)).toBe('default dev wg0');
      expect(refused(router, OUTSIDE[1])).toBe(true);
    });

    it('is not ready where the program of the tunnel says nothing any more', async () => {
      const router = createTunnelRouter();
      report(router, 'ready');
      const path = `${router.directory}/state/wireguard.status`;
      const [uptime = '0'] = readFileSync(path, 'utf8').split(' ');
      writeFileSync(path, `${Number(uptime) - 21} ready\n`);
      using _ = start(router);
      await untilReady(router, /WireGuard: the last check was 2\d seconds ago/);
    });

    it('sends nothing of its own but what is marked', async () => {
      const router = createTunnelRouter();
      using _ = start(router);
      await untilReady(router, /^not ready/);
      for (const address of OUTSIDE) {
        expect(tryRun(router.namespace, `ping -n -c 1 -W 1 ${address}`)).toBeUndefined();
        expect(tryRun(router.namespace, `ping -n -c 1 -W 1 -m ${MARK} ${address}`)).toBeDefined();
      }
    });
  },
  ['ping'],
);
