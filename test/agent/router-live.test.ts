import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { fingerprintOf } from '../../fn/node/config/fingerprint.ts';
import { routerData } from '../../fn/render/router-data.ts';
import { routerRules } from '../../fn/render/router-rules.ts';
import { planOf } from '../plan/network.ts';
import { createEgressRouter, type EgressRouter, egressSpec } from './egress-router.ts';
import { eventually } from './eventually.ts';
import { type Namespace, run, tryRun } from './namespace.ts';
import { ask, start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';
import { ALONE, CONFIG, createRouter, OUTSIDE, type Router, RULES, ruleset } from './router.ts';

/** How long a change of the files may take to be applied, in milliseconds. */
const SOON = 3000;

/** Sends back datagrams, and over TCP a numbered line each 20 ms. */
const SERVER = `require('node:net').createServer((socket) => {
  let number = 0;
  socket.on('error', () => undefined).resume();
  setInterval(() => socket.write(number++ + '\\n'), 20);
}).listen(7000, '::', () => console.log('listening'));
for (const own of process.argv.slice(1)) {
  const socket = require('node:dgram').createSocket(own.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (text, { port, address }) => socket.send(text, port, address)).bind(7000, own);
}`;
/**
 * Sends a numbered datagram each 20 ms until its input ends, and says then which ones have not come back, and of which
 * connection lines.
 */
const CLIENT = `const address = process.argv[1], open = new Set(), lines = [];
const socket = require('node:dgram').createSocket(address.includes(':') ? 'udp6' : 'udp4');
let number = 0;
socket.on('message', (text) => open.delete(String(text)));
const timer = setInterval(() => { open.add(String(++number)); socket.send(String(number), 7000, address); }, 20);
let text = '';
require('node:net').connect(7000, address).on('data', (data) => text += data).on('close', () => text += 'closed');
process.stdin.resume().on('end', () => {
  clearInterval(timer);
  setTimeout(() => { console.log(JSON.stringify({ number, lost: [...open], text })); process.exit(); }, 500);
});`;

function node(namespace: Namespace, source: string, ...args: readonly string[]) {
  const child: ChildProcess = spawn('ip', ['netns', 'exec', namespace, process.execPath, '-e', source, ...args]);
  let output = '';
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  return { child, output: () => output };
}

/** Checks that no datagram and no byte of a connection is lost while something happens. */
async function losingNothing({ client, gateway }: EgressRouter, action: () => Promise<void>): Promise<void> {
  const server = node(gateway, SERVER, ...OUTSIDE);
  await eventually(() => expect(server.output()).toContain('listening'));
  const clients = OUTSIDE.map((address) => node(client, CLIENT, address));
  await setTimeout(1000);
  await action();
  await setTimeout(1000);
  for (const { child, output } of clients) {
    child.stdin?.end();
    await eventually(() => expect(output()).toContain('}'));
    const { number, lost, text } = JSON.parse(output()) as { number: number; lost: string[]; text: string };
    expect(lost).toEqual([]);
    expect(number).toBeGreaterThan(80);
    const lines = text.trim().split('\n');
    expect(lines).toEqual(lines.map((_, index) => String(index)));
    expect(lines.length).toBeGreaterThan(80);
  }
  server.child.kill();
}

/** What the ConfigMap holds for a network, but that no bridge is asked. */
function write(router: Router, spec: string, config: object = {}): void {
  const plan = planOf(spec);
  writeConfig(router, 'rules.nft', routerRules(plan));
  writeConfig(router, 'config.json', JSON.stringify({ ...routerData(plan), ...ALONE, ...config }));
}

const mtu = ({ namespace }: Router) => run(namespace, 'cat /sys/class/net/net1/mtu').trim();
const ways = ({ namespace }: Router) =>
  run(
    namespace,
    'for f in 4 6; do ip -$f rule | grep "^9[056]"; ip -$f route show table 100; done | sed "s/ *$//; s/ metric.*//"',
  );
const rules = ({ namespace }: Router) => ruleset(namespace);
const track = ({ directory }: Router) => readFileSync(`${directory}/state/track`, 'utf8');
const UPSTREAM = ', clients: [{names: [a], dns: Gateway}]';

describeInNamespaces('a running router', () => {
  it('takes over rules, MTU, health checks, upstreams and next hops, and nothing is lost', async () => {
    const spec = (gateway: string) => egressSpec(undefined, gateway);
    const router = createEgressRouter(spec('firewall: {deny: [{protocol: SCTP}]}'));
    // A machine's ping may need it.
    using running = start({ ...router, capabilities: ['net_raw'] });
    await untilReady(running);
    const before = rules(router);
    await losingNothing(router, async () => {
      const changed = spec(
        'firewall: {deny: [{protocol: UDP, ports: [9]}]}, healthCheck: {addresses: [10.99.0.1]}, dns: {upstreams: [203.0.113.53]}',
      ).replace(', gateway:', `${UPSTREAM}, gateway:`);
      write(router, changed, {
        mtu: 1400,
        egressRoutes: {
          networks: ['10.99.0.0/24', 'fd00:99::/64', '10.98.0.0/24'],
          nextHops: ['10.99.0.1', 'fd00:99::1'],
        },
      });
      const since = Date.now();
      await eventually(() => expect(rules(router)).not.toBe(before));
      await eventually(() => expect(ways(router)).toContain('10.98.0.0/24 dev net2'));
      await eventually(() => expect(mtu(router)).toBe('1400'));
      expect(Date.now() - since).toBeLessThan(SOON);
      await untilReady(running);
      expect(ways(router).match(/^9[56]:.*$/gm)).toHaveLength(4);
    });
    const files = new Map(
      ['config.json', 'rules.nft'].map((file) => [file, readFileSync(`${router.directory}/config/${file}`, 'utf8')]),
    );
    expect(ask(router, 'ready').output).toBe(`ready (configuration ${fingerprintOf(files)})`);

    write(router, spec('healthCheck: {addresses: [10.99.0.77]}'), {
      mtu: 1400,
      egressRoutes: { networks: ['10.99.0.0/24', 'fd00:99::/64'], nextHops: ['10.99.0.66', 'fd00:99::66'] },
    });
    await untilReady(running, 'not ready: none of 10.99.0.77 answers through net2');
    expect(ways(router)).toBe(
      [
        '90:	from all to 192.168.50.0/24 lookup main',
        'default via 10.99.0.66 dev net2',
        '10.99.0.0/24 dev net2 scope link',
        '90:	from all to fd00:50::/64 lookup main',
        'fd00:99::/64 dev net2',
        'default via fd00:99::66 dev net2',
        '',
      ].join('\n'),
    );
    write(router, spec(''), { mtu: 1450 });
    const older =
      'not ready: net1 has the MTU 1400, not 1450: this pod is older than its attachment and has to be made anew';
    await untilReady(running, older);
  });

  it.each([
    ['of another version', { version: 2 }, /^not ready: config.json is of version 2, this program reads version 1: /],
    ['with a field that is not known', { nothing: 1 }, /^not ready: config.json: nothing is not a field that is known/],
    ['for which it would need another pod', { gateways: [] }, /^not ready: config.json: gateways has changed, which/],
  ])('touches nothing and leaves its place to no other when it is given data %s', async (_, config, line) => {
    const failover = { addresses: [], egressAddresses: [], synchronised: false };
    const router = createRouter({ failover });
    using running = start(router);
    await untilReady(running, /^ready; keepalived: it says nothing$/);
    const before = rules(router);
    writeConfig(router, 'rules.nft', RULES.replace('not-forwarded', 'changed'));
    writeConfig(router, 'config.json', JSON.stringify({ ...CONFIG, failover, mtu: 1400, ...config }));
    await untilReady(running, line);
    await setTimeout(1500);
    expect([rules(router), mtu(router), track(router)]).toEqual([before, '1450', '0\n']);
    // It goes on to keep what it has been told before.
    run(router.namespace, 'nft delete table inet gateway');
    await eventually(() => expect(rules(router)).toBe(before));
    writeConfig(router, 'config.json', JSON.stringify({ ...CONFIG, failover }));
    await untilReady(running, /^ready; keepalived: it says nothing$/);
    await eventually(() => expect(rules(router)).toContain('changed'));
  });

  it('touches nothing when it starts with data of another version', async () => {
    const router = createRouter({ version: 2 });
    using running = start(router);
    await untilReady(running, /^not ready: config.json is of version 2, this program reads version 1: /);
    expect(rules(router)).toBe('');
    expect(tryRun(router.namespace, 'ip -o addr show dev net1 scope global')).toBe('');
    expect(ask(router, 'rules')).toMatchObject({
      status: 1,
      output: expect.stringMatching(/^config.json is of version 2,/),
    });
    expect(rules(router)).toBe('');
  });

  it('loads its rules and ends, where that is asked', () => {
    const router = createRouter();
    expect(ask(router, 'rules')).toEqual({ status: 0, output: 'packet filter rules loaded' });
    expect(rules(router)).toContain('policy drop');
    writeConfig(router, 'rules.nft', '');
    const line = 'the packet filter rules cannot be loaded: rules.nft has no table';
    expect(ask(router, 'rules')).toEqual({ status: 1, output: line });
  });

  it('has metrics where they are asked for, with the configuration that it runs', async () => {
    const router = createRouter();
    const file = `${router.directory}/state/vpn.prom`;
    writeConfig(router, 'config.json', JSON.stringify({ ...CONFIG, metricsFile: file }));
    using running = start(router);
    await untilReady(running);
    const metrics = () => readFileSync(`${router.directory}/state/vpn_router_0.prom`, 'utf8');
    const labels = 'network="egress/vpn",router="vpn-router-0"';
    const [, name] = /configuration (\w+)/.exec(ask(router, 'ready').output) ?? [];
    expect(metrics()).toContain(`gateway_network_configuration_info{${labels},configuration="${name}"} 1\n`);
    writeConfig(router, 'rules.nft', `${RULES}# changed\n`);
    await eventually(() => expect(metrics()).not.toContain(String(name)));
    await running.stop();
    expect(metrics).toThrow('no such file');
  });
});
