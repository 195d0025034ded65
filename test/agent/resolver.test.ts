import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { routerData } from '../../fn/render/router-data.ts';
import { planOf } from '../plan/network.ts';
import { eventually } from './eventually.ts';
import { createNamespace, join, type Namespace, processes, run, tryRun } from './namespace.ts';
import { ask, createProgram, type Program, readiness, start, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';

const CONFIG = routerData(
  planOf(`{subnets: [192.168.50.0/24], cluster: {cidrs: [10.96.0.0/16]},
    clients: [{names: [a], dns: Gateway}], gateway: {dns: {upstreams: [203.0.113.53]}}}`),
);

interface Resolver extends Program {
  readonly client: Namespace;
}

/** A resolver in a router pod that has its address on the network, and a client there. */
function createResolver(): Resolver {
  const namespace = createNamespace();
  const client = createNamespace();
  join(namespace, 'net1', client, 'net1');
  run(namespace, 'ip addr add 192.168.50.1/24 dev net1');
  run(client, 'ip addr add 192.168.50.20/24 dev net1');
  const resolver = { ...createProgram({ namespace, script: 'resolver', environment: {} }), client };
  writeConfig(resolver, 'config.json', JSON.stringify(CONFIG));
  return { ...resolver, capabilities: ['net_bind_service'] };
}

const nameServers = ({ directory }: Program, text: string): void => writeFileSync(`${directory}/resolv.conf`, text);
const servers = ({ directory }: Program): string => readFileSync(`${directory}/state/dnsmasq.servers`, 'utf8');
const asked = ({ client }: Resolver, name: string, server = '192.168.50.1') =>
  tryRun(client, `timeout 3 busybox nslookup -type=a ${name} ${server} 2>&1 || true`) ?? '';

/** A program of another container of the pod, which has process ids of its own. */
function holdPort({ namespace }: Program, protocol: string, address = '::', before = 'true') {
  const script = `const d = require('node:dgram'), n = require('node:net');
    const done = () => console.log('held');
    if ('${protocol}' === 'udp') d.createSocket('${address.includes(':') ? 'udp6' : 'udp4'}').bind(53, '${address}', done);
    else n.createServer().listen(53, '${address}', done);`;
  run(namespace, before);
  const args = [
    'netns',
    'exec',
    namespace,
    'unshare',
    '--pid',
    '--fork',
    '--kill-child',
    process.execPath,
    '-e',
    script,
  ];
  const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const deadline = Date.now() + 5000;
  const held = () =>
    tryRun(namespace, `ss -Hln --${protocol} 'sport = 53' | grep -F '${address === '::' ? '*' : address}:53'`);
  while (held() === undefined && Date.now() < deadline);
  return { pid: child.pid, [Symbol.dispose]: () => child.kill('SIGKILL') };
}

describeInNamespaces(
  'the resolver',
  () => {
    it('is ready when it listens, and asks the name servers of the cluster for its names', async () => {
      const resolver = createResolver();
      nameServers(resolver, 'search egress.svc\nnameserver 10.96.0.10\nnameserver fd00::a\noptions ndots:5\n');
      using running = start(resolver);
      await eventually(() => expect(readiness(running)).toBe('ready'));
      expect(ask(resolver, 'alive').status).toBe(0);
      expect(servers(resolver)).toBe(
        [
          'rev-server=192.168.50.0/24\n',
          'server=203.0.113.53\n',
          ...['10.96.0.10', 'fd00::a'].map((address) => `server=/cluster.local/${address}\n`),
          ...[
            '0.0.0.0/8',
            '10.96.0.0/16',
            '127.0.0.0/8',
            '169.254.0.0/16',
            '224.0.0.0/3',
            'fc00::/7',
            'fe80::/10',
            'ff00::/8',
          ].flatMap((network) => ['10.96.0.10', 'fd00::a'].map((address) => `rev-server=${network},${address}\n`)),
        ].join(''),
      );
      expect(running.log()).toContain('using nameserver 203.0.113.53#53');
      expect(await running.stop()).toBe(0);
      await eventually(() => expect(processes(resolver.namespace)).toEqual([]));
    });

    it('keeps to the first name servers, whoever changes the file later', async () => {
      const resolver = createResolver();
      nameServers(resolver, 'nameserver 10.96.0.10\n');
      {
        using running = start(resolver);
        await eventually(() => expect(readiness(running)).toBe('ready'));
        await running.stop();
      }
      nameServers(resolver, 'nameserver 127.0.0.1\n');
      using again = start(resolver);
      await eventually(() => expect(again.log().match(/cleared cache/g)).toHaveLength(2));
      expect(servers(resolver)).toContain('server=/cluster.local/10.96.0.10');
      expect(servers(resolver)).not.toContain('127.0.0.1\n');
    });

    it.each([
      ['', 'nothing'],
      ['nameserver fe80::1%eth0\nnameserver\n', 'none that can be asked'],
      ['nameserver $(touch${IFS}broken)\nnameserver 10.0.0.1,log-queries\n', 'what is no address'],
    ])('does not start where /etc/resolv.conf names (%j) %s', async (text) => {
      const resolver = createResolver();
      nameServers(resolver, text);
      using running = start(resolver);
      const fault = 'not ready: /etc/resolv.conf names no name server, so nobody knows the names of the cluster';
      await eventually(() => expect(readiness(running)).toBe(fault));
      expect(existsSync(`${resolver.directory}/state/cluster-servers`)).toBe(false);
      nameServers(resolver, 'nameserver 10.96.0.10\n');
      await eventually(() => expect(readiness(running)).toBe('ready'));
    });

    it('starts dnsmasq again when that has ended', async () => {
      const resolver = createResolver();
      nameServers(resolver, 'nameserver 10.96.0.10\n');
      using running = start(resolver);
      await eventually(() => expect(readiness(running)).toBe('ready'));
      run(resolver.namespace, "kill -9 $(ss -Hlnup sport = 53 | sed 's/.*pid=//; s/,.*//')");
      await eventually(() => expect(running.log()).toContain('dnsmasq has ended and is started again'));
      await eventually(() => expect(readiness(running)).toBe('ready'));
      expect(asked(resolver, '1.50.168.192.in-addr.arpa')).toContain('NXDOMAIN');
    });

    it('is not ready without an address on the network, and follows addresses that come and go', async () => {
      const resolver = createResolver();
      nameServers(resolver, 'nameserver 10.96.0.10\n');
      run(resolver.namespace, 'ip addr flush dev net1');
      using running = start(resolver);
      const fault = 'not ready: dnsmasq does not listen for udp; dnsmasq does not listen for tcp';
      await eventually(() => expect(readiness(running)).toBe(fault));
      run(resolver.namespace, 'ip addr add 192.168.50.2/24 dev net1');
      await eventually(() => expect(readiness(running)).toBe('ready'));
      run(resolver.namespace, 'ip addr add 192.168.50.1/24 dev net1');
      await eventually(() => expect(asked(resolver, 'plain')).toContain('NXDOMAIN'));
      run(resolver.namespace, 'ip addr del 192.168.50.1/24 dev net1');
      await eventually(() => expect(asked(resolver, 'plain', '192.168.50.2')).toContain('NXDOMAIN'));
    });

    it.each(['udp', 'tcp'])('is not ready where another program holds the %s port before it', async (protocol) => {
      const resolver = createResolver();
      nameServers(resolver, 'nameserver 10.96.0.10\n');
      using _ = holdPort(resolver, protocol);
      using running = start(resolver);
      await eventually(() =>
        expect(readiness(running)).toContain(
          `another program of the pod holds port 53 (${protocol} at *), so dnsmasq does not answer at 192.168.50.1`,
        ),
      );
      expect(readiness(running)).toContain('DNS_SERVER=off');
    });

    it('is ready where another program comes after it, but not where that takes its address at the same time', async () => {
      const resolver = createResolver();
      nameServers(resolver, 'nameserver 10.96.0.10\n');
      run(resolver.namespace, 'ip addr add 192.168.50.2/24 dev net1');
      using running = start(resolver);
      await eventually(() => expect(readiness(running)).toBe('ready'));
      using _ = holdPort(resolver, 'udp', '127.0.0.1');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(readiness(running)).toBe('ready');
      // A gateway's address that comes to a standby must be answered at, too.
      using other = holdPort(resolver, 'udp', '192.168.50.9', 'ip addr add 192.168.50.9/32 dev lo');
      run(resolver.namespace, 'ip addr del 192.168.50.9/32 dev lo && ip addr add 192.168.50.9/24 dev net1');
      await eventually(() =>
        expect(readiness(running)).toContain('another program of the pod holds port 53 (udp at 192.168.50.9)'),
      );
      expect(other.pid).toBeDefined();
    });

    it('answers nobody on another interface', async () => {
      const resolver = createResolver();
      nameServers(resolver, 'nameserver 10.96.0.10\n');
      const other = createNamespace();
      join(resolver.namespace, 'eth0', other, 'eth0');
      run(resolver.namespace, 'ip addr add 10.244.1.2/24 dev eth0');
      run(other, 'ip addr add 10.244.1.1/24 dev eth0 && ip route add 192.168.50.0/24 via 10.244.1.2');
      using running = start(resolver);
      await eventually(() => expect(readiness(running)).toBe('ready'));
      expect(asked(resolver, 'plain')).toContain('NXDOMAIN');
      for (const address of ['10.244.1.2', '192.168.50.1']) {
        expect(asked({ ...resolver, client: other }, 'plain', address)).not.toContain('NXDOMAIN');
      }
      expect(asked({ ...resolver, client: resolver.namespace }, 'plain', '127.0.0.1')).not.toContain('NXDOMAIN');
    });
  },
  ['dnsmasq', 'busybox', 'ss'],
);
