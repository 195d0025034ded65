import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ProgramReport } from '../../fn/node/config/report.ts';
import { eventually } from './eventually.ts';
import { run, tryRun } from './namespace.ts';
import { ask, readiness, start, untilReady, writeConfig, writeHosts } from './program.ts';
import { describeInNamespaces } from './requirements.ts';
import { CONFIG, configuration, createKeys, createTunnel, PEER, type Tunnel, writeConfiguration } from './wireguard.ts';

const shows = ({ namespace }: Tunnel) =>
  run(namespace, 'ip -o addr show dev wg0 scope global; ip -o link show dev wg0');
const reached = ({ namespace }: Tunnel) => tryRun(namespace, `ping -n -c 1 -W 1 -I wg0 ${PEER.inside}`) !== undefined;

const TOOLS = ['wg', 'wireguard-go', 'ping'];

describeInNamespaces(
  'the tunnel of a router',
  () => {
    it('is made from a file as providers hand it out, of which no command is run and no key is printed', async () => {
      const tunnel = await createTunnel();
      const marker = `${tunnel.directory}/ran`;
      const text = configuration(tunnel)
        .replace(
          '[Interface]',
          `# My VPN\n[interface]\nDNS = 10.64.0.1\nTable = off\nFwMark = 7\nPostUp = touch ${marker}`,
        )
        .replace('AllowedIPs', '  allowedips  ')
        .replaceAll('\n', '\r\n');
      writeConfiguration(tunnel, `${text}PersistentKeepalive = 0 # none`);
      using running = start(tunnel);
      const left =
        "DNS is left out: spec.gateway.dns says who answers the clients' questions; PostUp is left out: commands are not run";
      await untilReady(tunnel, `ready; ${left}`);
      expect(shows(tunnel)).toMatch(/inet 10\.64\.0\.2\/16 .*\n.*inet6 fd00:64::2\/128 .*\n.*,UP,LOWER_UP> mtu 1320 /);
      expect(tunnel.wg('show wg0 fwmark')).toBe('0x67776e\n');
      expect(tunnel.wg('show wg0 persistent-keepalive')).toMatch(/\t25\n$/);
      expect(reached(tunnel)).toBe(true);
      // What the router's program has its metrics tell.
      expect(tunnel.wg('show wg0 latest-handshakes')).toContain(
        `\t${readFileSync(`${tunnel.directory}/state/handshake`, 'utf8')}`,
      );
      // Its networks are nobody's way but the clients'.
      expect(run(tunnel.namespace, 'ip route show dev wg0; ip -6 route show dev wg0')).not.toMatch(/^(10|fd)/m);
      expect(existsSync(marker)).toBe(false);
      const { privateKey } = tunnel.keys;
      expect(running.log()).not.toContain(privateKey.slice(0, 20));
      expect(running.log()).not.toContain(tunnel.peerKeys.publicKey.slice(0, 20));
    });

    it('has the MTU of the configuration where there is one', async () => {
      const tunnel = await createTunnel();
      writeConfiguration(tunnel, configuration(tunnel).replace('Address', 'MTU = 1280\nAddress'));
      using _ = start(tunnel);
      await untilReady(tunnel);
      expect(shows(tunnel)).toContain(' mtu 1280 ');
    });

    it.each<[string, (tunnel: Tunnel) => unknown]>([
      ['the interface is deleted', ({ namespace }) => run(namespace, 'ip link del wg0')],
      ['the interface is set down', ({ namespace }) => run(namespace, 'ip link set wg0 down')],
      ['an address is taken away', ({ namespace }) => run(namespace, 'ip addr del 10.64.0.2/16 dev wg0')],
      ['an address is added', ({ namespace }) => run(namespace, 'ip addr add 10.9.9.9/32 dev wg0')],
      ['the MTU is changed', ({ namespace }) => run(namespace, 'ip link set wg0 mtu 1300')],
      ['the mark is taken away', ({ wg }) => wg('set wg0 fwmark 0')],
      ['the peer is removed', ({ wg, peerKeys }) => wg(`set wg0 peer ${peerKeys.publicKey} remove`)],
      [
        'the peer may carry less',
        ({ wg, peerKeys }) => wg(`set wg0 peer ${peerKeys.publicKey} allowed-ips 10.64.0.0/24`),
      ],
      [
        'the keepalive is switched off',
        ({ wg, peerKeys }) => wg(`set wg0 peer ${peerKeys.publicKey} persistent-keepalive 0`),
      ],
    ])('is as it was soon after %s', async (_, damage) => {
      const tunnel = await createTunnel();
      writeConfiguration(tunnel, configuration(tunnel));
      using _running = start(tunnel);
      await untilReady(tunnel);
      const wanted = () => [
        shows(tunnel).replaceAll(/^\d+: | qlen \d+|\\.*/gm, ''),
        ...['fwmark', 'allowed-ips', 'persistent-keepalive'].map((what) => tunnel.wg(`show wg0 ${what}`)),
      ];
      const before = wanted();
      await damage(tunnel);
      await eventually(() => expect(wanted()).toEqual(before));
      await eventually(() => expect(reached(tunnel)).toBe(true));
    });

    it('takes a new key and a new address from a Secret that was changed', async () => {
      const tunnel = await createTunnel();
      writeConfiguration(tunnel, configuration(tunnel));
      using running = start(tunnel);
      await untilReady(tunnel);
      const keys = createKeys();
      tunnel.admit(keys.publicKey, '10.64.0.3/32');
      writeConfiguration(tunnel, configuration({ ...tunnel, keys }).replace(/Address.*/, 'Address = 10.64.0.3'));
      await eventually(() => expect(shows(tunnel)).toMatch(/^\d+: wg0 +inet 10\.64\.0\.3\/32 [^\n]*\n[^\n]*mtu/));
      await eventually(() => expect(reached(tunnel)).toBe(true));
      await untilReady(tunnel);
      expect(running.log()).not.toContain(keys.privateKey);
    });

    it('finds a peer that was not where its name said, and one that has moved since', async () => {
      const tunnel = await createTunnel({ LOOKUP_INTERVAL: '2', LATE: '4' });
      writeHosts(tunnel, '10.244.1.77 vpn.example\n');
      writeConfiguration(tunnel, configuration(tunnel, `vpn.example:${PEER.port}`));
      using _ = start(tunnel);
      await untilReady(tunnel, `not ready: no handshake yet with vpn.example:${PEER.port}`);
      writeHosts(tunnel, `${PEER.addresses[0]} vpn.example\n`);
      await eventually(() => expect(readiness(tunnel)).toBe('ready'));
      run(tunnel.peer, `ip addr del ${PEER.addresses[0]}/24 dev eth0; ip addr add ${PEER.addresses[1]}/24 dev eth0`);
      writeHosts(tunnel, `${PEER.addresses[1]} vpn.example\n`);
      await eventually(() => expect(reached(tunnel)).toBe(true));
    });

    it('is not ready without handshakes', async () => {
      const tunnel = await createTunnel({ DEAD: '3' });
      writeConfiguration(tunnel, configuration(tunnel));
      using _ = start(tunnel);
      await untilReady(tunnel);
      const report = () => JSON.parse(ask({ ...tunnel, script: 'router' }, 'report').output) as ProgramReport;
      expect(report()).toMatchObject({ egress: { interface: 'wg0' }, handshakeAge: expect.any(Number) });
      run(tunnel.peer, 'ip link set eth0 down');
      const silence = /^not ready: the last handshake with 10\.244\.1\.1:51820 was \d+ seconds ago$/;
      await eventually(() => expect(readiness(tunnel)).toMatch(silence));
      expect(report().handshakeAge).toBeGreaterThanOrEqual(3);
    });

    it('is not ready on a node without /dev/net/tun', async () => {
      const tunnel = { ...(await createTunnel()), withoutDevices: ['/dev/net/tun'] };
      writeConfiguration(tunnel, configuration(tunnel));
      using _ = start(tunnel);
      await untilReady(tunnel, 'not ready: there is no device /dev/net/tun');
    });

    it('is not ready where its name is not resolved', async () => {
      const tunnel = await createTunnel();
      writeConfiguration(tunnel, configuration(tunnel, `nowhere.example:${PEER.port}`));
      using _ = start(tunnel);
      await untilReady(tunnel, `not ready: the name of the endpoint is not resolved: nowhere.example:${PEER.port}`);
    });

    const shape = 'a setting of [Interface] or [Peer] in the form KEY = VALUE, as in wg-quick(8)';
    it.each<[string, (text: string) => string, string]>([
      ['a line that is no setting', (text) => text.replace('PublicKey = ', ''), `line 6: must be ${shape}`],
      ['a key of something else', (text) => text.replace('Address', 'Jc = 4\nAddress'), `line 3: must be ${shape}`],
      ['a setting before any section', (text) => `MTU = 1400\n${text}`, `line 1: must be ${shape}`],
      [
        'half a key',
        (text) => text.replace(/(PrivateKey = .{20}).*/, '$1'),
        'line 2: must be a key of WireGuard: 44 characters of base64',
      ],
      ['an endpoint without a port', (text) => text.replace(':51820', ''), 'line 8: must be HOST:PORT'],
      [
        'a name for an address',
        (text) => text.replace('10.64.0.2/16', 'vpn'),
        'line 3: must be an IP address, with or without a prefix length',
      ],
      [
        'an MTU of nothing',
        (text) => text.replace('Address', 'MTU = none\nAddress'),
        'line 3: must be a number from 576 to 65535',
      ],
      [
        'no address',
        (text) => text.replace(/Address.*\n/, ''),
        'must have a PrivateKey and an Address in [Interface] and a PublicKey in [Peer]',
      ],
      ['no endpoint', (text) => text.replace(/Endpoint.*\n/, ''), 'must have an Endpoint in [Peer]'],
      [
        'networks that wg does not take',
        (text) => text.replace('0.0.0.0/0', 'all'),
        'wg refuses the settings (what it says about them may hold keys and is not shown)',
      ],
    ])('says what is wrong with %s, without a word of it', async (_, spoil, complaint) => {
      const tunnel = await createTunnel();
      const text = spoil(configuration(tunnel));
      writeConfiguration(tunnel, text);
      using running = start(tunnel);
      const found = complaint.startsWith('wg')
        ? complaint
        : complaint.startsWith('must')
          ? `wg0.conf: ${complaint}`
          : `wg0.conf, ${complaint}`;
      await untilReady(tunnel, `not ready: ${found}`);
      const words = text.match(/[\w+/]{16,}/g) ?? [];
      for (const word of words) expect(running.log()).not.toContain(word);
      writeConfiguration(tunnel, configuration(tunnel));
      await untilReady(tunnel);
    });

    it('touches nothing where its configuration is of another version, and keeps the tunnel that it has', async () => {
      const tunnel = await createTunnel();
      writeConfiguration(tunnel, configuration(tunnel));
      const other = 'config.json is of version 2, this program reads version 1';
      writeConfig(tunnel, 'config.json', JSON.stringify({ ...CONFIG, version: 2 }));
      using _ = start(tunnel);
      await untilReady(tunnel, new RegExp(`^not ready: ${other}`));
      expect(run(tunnel.namespace, 'ip -o link show')).not.toContain('wg0');
      writeConfig(tunnel, 'config.json', JSON.stringify(CONFIG));
      await untilReady(tunnel);
      writeConfig(tunnel, 'config.json', JSON.stringify({ ...CONFIG, version: 2 }));
      await untilReady(tunnel, new RegExp(`^ready; ${other}`));
      run(tunnel.namespace, 'ip link del wg0');
      await eventually(() => expect(reached(tunnel)).toBe(true));
    });

    it('waits for the key of the Secret', async () => {
      const tunnel = await createTunnel();
      using _ = start(tunnel);
      await untilReady(tunnel, 'not ready: waiting for wg0.conf: it must be a key of the Secret');
      expect(readFileSync(`${tunnel.directory}/state/wireguard.status`, 'utf8')).toMatch(/^\d+ not ready/);
    });
  },
  TOOLS,
);
