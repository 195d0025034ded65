import { type ChildProcess, spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { type Namespace, run, tryRun } from './namespace.ts';
import { type Running, start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';
import { createRouter, dropped, EGRESS, letOutsideAnswer, OUTSIDE, reached, type Router } from './router.ts';

const NOT_OF_THE_NETWORK = 'foreign-source';
const NOTHING_ELSE = 'not-forwarded';
const CLUSTER = 'cluster-destination';
const SERVES_NOTHING = 'to-router';
const INVALID = 'invalid-forwarded';
const NO_RESET = 'invalid-to-router';

/** Sends 10 numbered lines of 1000 bytes a second to whoever connects, and prints what comes back as its own lines. */
const SERVER = `require('node:net').createServer((socket) => {
  let count = 0;
  setInterval(() => socket.write(String(count++).padEnd(999) + '\\n'), 100);
  socket.on('error', (error) => { console.log(error.code); process.exit(1); });
}).listen(7000, '::', () => console.log('listening'))`;
/** Connects from a port of its own and prints the number of each line, and how the connection ends. */
const CLIENT = `const socket = require('node:net').connect(7000, process.argv[1]);
let text = '';
socket.on('data', (data) => {
  const lines = (text + data).split('\\n');
  text = lines.pop();
  for (const line of lines) console.log(line.trim());
});
socket.on('close', () => console.log('closed'));
socket.on('error', (error) => console.log(error.code));`;

interface Talk {
  readonly output: () => string;
}

/** Runs a program of Node in a namespace, with which it ends. */
function talk(namespace: Namespace, source: string, ...args: string[]): Talk {
  const child: ChildProcess = spawn('ip', ['netns', 'exec', namespace, process.execPath, '-e', source, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  return { output: () => output };
}

/** Pings an address, 10 times a second for 5 seconds. */
function talkToPing({ client }: Router, address: string): Talk {
  return talk(
    client,
    `require('node:child_process').spawn('ping', ['-n', '-c', '50', '-i', '0.1', '-W', '1', '${address}'], { stdio: 'inherit' })`,
  );
}

/** A client's connections to the outside, one of each family, that have begun to carry data. */
async function connections({ client, outside }: Router): Promise<readonly Talk[]> {
  const server = talk(outside, SERVER);
  await eventually(() => expect(server.output()).toContain('listening'));
  const clients = OUTSIDE.map((address) => talk(client, CLIENT, address));
  await more(clients, 2);
  return clients;
}

/** Waits until so many more lines have come, and none was lost. */
async function more(clients: readonly Talk[], count: number): Promise<void> {
  for (const { output } of clients) {
    const before = output().split('\n').length - 1;
    await eventually(() => expect(output().split('\n').length - 1).toBeGreaterThanOrEqual(before + count));
    const lines = output().trimEnd().split('\n');
    expect(lines).toEqual(lines.map((_, index) => String(index)));
  }
}

async function started(router: Router): Promise<Running> {
  const running = start(router);
  await untilReady(running);
  return running;
}

/** Counts packets that arrive outside with an address of the network, not masqueraded. */
function watch({ outside }: Router): () => number {
  const rules = ['ip saddr 192.168.50.0/24', 'ip6 saddr fd00:50::/64'].map(
    (match) => `iifname "eth0" ${match} counter;`,
  );
  run(outside, `nft 'table inet watch { chain in { type filter hook prerouting priority raw; ${rules.join(' ')} }; }'`);
  return () => {
    const counters = run(outside, 'nft list table inet watch').matchAll(/packets (\d+)/g);
    return [...counters].reduce((sum, counter) => sum + Number(counter[1]), 0);
  };
}

/**
 * Gives some of the packets that a namespace sends sequence numbers of which one at least is ahead
 * of the connection's window.
 */
function tamper(namespace: Namespace, match: string): void {
  const rules = [
    [5, 1],
    [7, 2 ** 31 + 1],
  ].map(([every, sequence]) => `${match} numgen inc mod ${every} == 0 tcp sequence set ${sequence};`);
  run(
    namespace,
    `nft 'table inet tamper { chain out { type filter hook output priority mangle; ${rules.join(' ')} }; }'`,
  );
}

/** Counts SYN and SYN-ACK that arrive with a segment size. */
function watchSegments(namespace: Namespace, sizes: readonly number[]): () => number {
  const rules = sizes.map((size) => `tcp flags & syn == syn tcp option maxseg size ${size} counter;`);
  run(
    namespace,
    `nft 'table inet segments { chain in { type filter hook prerouting priority raw; ${rules.join(' ')} }; }'`,
  );
  return () => (run(namespace, 'nft list table inet segments').match(/packets [1-9]/g) ?? []).length;
}

const fails = (namespace: Namespace, command: string) => expect(tryRun(namespace, command)).toBeUndefined();

describeInNamespaces('a router and its clients', () => {
  it.each(['up', 'down'])(
    'nothing passes a pod as CNI leaves it, interface %s, until the rules are there',
    async (state) => {
      const router = createRouter();
      letOutsideAnswer(router);
      run(router.namespace, `ip link set net1 ${state}`);
      const seen = watch(router);
      expect(reached(router)).toEqual([]);
      expect(seen()).toBe(0);
      using _ = await started(router);
      expect(reached(router)).toEqual(OUTSIDE);
      expect(seen()).toBe(0);
    },
  );

  it('connections and pings lose nothing while the program is killed and started again', async () => {
    const router = createRouter();
    const first = await started(router);
    const clients = await connections(router);
    const pings = OUTSIDE.map((address) => talkToPing(router, address));
    await first.stop('SIGKILL');
    await more(clients, 2);
    using _ = await started(router);
    await more(clients, 2);
    for (const { output } of pings) await eventually(() => expect(output()).toContain(' 0% packet loss'));
  });

  it('an MTU of the egress that is smaller is learned, and segments fit it', async () => {
    const router = createRouter();
    for (const end of [router.namespace, router.outside]) run(end, 'ip link set eth0 mtu 1400');
    using _ = await started(router);
    const ping = (overhead: number, address: string) =>
      tryRun(router.client, `ping -n -c 2 -i 0.2 -W 1 -M do -s ${1450 - overhead} ${address} | cat`);
    expect(ping(28, OUTSIDE[0])).toContain('Frag needed and DF set (mtu = 1400)');
    expect(ping(48, OUTSIDE[1])).toContain('Packet too big: mtu=1400');
    const seen = watchSegments(router.outside, [1400 - 40, 1400 - 60]);
    await connections(router);
    expect(seen()).toBe(2);
  });

  it('segments from outside fit the network, whose MTU is smaller', async () => {
    const router = createRouter();
    using _ = await started(router);
    const seen = watchSegments(router.client, [1450 - 40, 1450 - 60]);
    await connections(router);
    expect(seen()).toBe(2);
  });

  it('packets larger than the MTU pass in fragments', async () => {
    const router = createRouter();
    using _ = await started(router);
    for (const address of OUTSIDE) {
      expect(tryRun(router.client, `ping -n -c 3 -i 0.2 -W 1 -s 4000 ${address}`)).toMatch(/ [1-3] received/);
    }
  });

  it('replies out of their window end no connection', async () => {
    const router = createRouter();
    using _ = await started(router);
    const clients = await connections(router);
    tamper(router.outside, 'tcp sport 7000 meta length > 900');
    await eventually(() => expect(dropped(router, NO_RESET)).toBeGreaterThan(3));
    await more(clients, 3);
  });

  it('packets that cannot be masqueraded do not leave', async () => {
    const router = createRouter();
    using _ = await started(router);
    const seen = watch(router);
    await connections(router);
    tamper(router.client, 'tcp dport 7000');
    await eventually(() => expect(dropped(router, INVALID)).toBeGreaterThan(3));
    expect(seen()).toBe(0);
  });

  it('what is not of the network is dropped and counted, in both families', async () => {
    const router = createRouter();
    letOutsideAnswer(router);
    using _ = await started(router);
    run(router.client, 'ip addr add 192.0.2.7/32 dev lo && ip addr add 2001:db8:7::7/128 dev lo');
    fails(router.client, `ping -n -c 1 -W 1 -I 192.0.2.7 ${OUTSIDE[0]}`);
    fails(router.client, `ping -n -c 1 -W 1 -I 2001:db8:7::7 ${OUTSIDE[1]}`);
    expect(dropped(router, NOT_OF_THE_NETWORK)).toBe(2);
  });

  it('what is not for the outside is dropped and counted, in both families', async () => {
    const router = createRouter();
    letOutsideAnswer(router);
    using _ = await started(router);
    for (const address of ['10.244.1.1', 'fd00:244::1']) fails(router.client, `ping -n -c 1 -W 1 ${address}`);
    expect(dropped(router, CLUSTER)).toBe(2);
    for (const address of ['192.168.50.20', 'fd00:50::20']) fails(router.outside, `ping -n -c 1 -W 1 ${address}`);
    expect(dropped(router, NOTHING_ELSE)).toBe(2);
  });

  it('clients are not redirected to each other, even by a router that forwards everything', async () => {
    const router = createRouter({}, { INTERVAL: '30' });
    using _ = await started(router);
    run(router.namespace, "nft 'flush chain inet gateway forward; chain inet gateway forward { policy accept; }'");
    run(router.client, 'ip route add 192.168.50.77 via 192.168.50.1');
    fails(router.client, 'ping -n -c 2 -i 0.2 -W 1 192.168.50.77');
    expect(run(router.namespace, 'nstat -az IcmpOutRedirects')).toMatch(/IcmpOutRedirects +0 /);
  });

  it('the router answers pings and nothing else, to whichever of its addresses', async () => {
    const router = createRouter();
    talk(router.namespace, SERVER);
    using _ = await started(router);
    await eventually(() => expect(run(router.namespace, 'ss -Hltn')).toContain(':7000'));
    for (const address of ['192.168.50.1', 'fd00:50::1']) run(router.client, `ping -n -c 1 -W 1 ${address}`);
    run(router.client, 'ip neigh flush dev net1 nud all; ping -n -c 1 -W 2 fd00:50::1');
    const connect = (address: string) => {
      const client = `require('node:net').connect(7000,'${address}').on('connect',()=>process.exit(0)).setTimeout(400,()=>process.exit(1))`;
      return tryRun(router.client, `${process.execPath} -e "${client}"`);
    };
    for (const address of ['192.168.50.1', 'fd00:50::1', ...EGRESS]) expect(connect(address)).toBeUndefined();
    expect(dropped(router, SERVES_NOTHING)).toBeGreaterThanOrEqual(4);
  });
});
