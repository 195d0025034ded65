import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { count, createEgressRouter, egressSpec } from './egress-router.ts';
import { eventually } from './eventually.ts';
import { type Namespace, run } from './namespace.ts';
import { start, untilReady } from './program.ts';
import { describeInNamespaces } from './requirements.ts';
import { dropped, OUTSIDE } from './router.ts';

/** Two routers that share addresses outside and tell each other of connections; one of them is here. */
const SHARED = egressSpec(
  `{type: Network, network: {attachment: {name: vlan99}, addresses: [10.99.0.11/24, 10.99.0.12/24, "fd00:99::11/64", "fd00:99::12/64"],
    gateways: [10.99.0.1, "fd00:99::1"], snatAddresses: [10.99.0.50, "fd00:99::50"]}}`,
  'replicas: 2',
);
const GUARDED = 'connection-of-other-router';

/** Sends back what comes. */
const SERVER = `require('node:net').createServer((socket) => socket.on('error', () => undefined).pipe(socket))
  .listen(7000, '::', () => console.log('listening'))`;
/** Sends ten numbers a second and prints what comes back, and how the connection ends. */
const CLIENT = `const socket = require('node:net').connect(7000, process.argv[1]);
let number = 0;
setInterval(() => socket.write(number++ + '\\n'), 100);
socket.on('data', (data) => process.stdout.write(data)).on('close', () => console.log('closed')).on('error', () => undefined);`;

function node(namespace: Namespace, source: string, ...args: readonly string[]): () => string {
  const child: ChildProcess = spawn('ip', ['netns', 'exec', namespace, process.execPath, '-e', source, ...args]);
  let output = '';
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  return () => output;
}

const lines = (output: string) => output.split('\n').length - 1;

describeInNamespaces('a router that has just become master', () => {
  it('lets no packet begin a connection anew that the other router knows, and lets it go on when it has been told', async () => {
    const router = createEgressRouter(SHARED);
    using running = start(router);
    await untilReady(running, 'ready; keepalived: it says nothing');
    // What keepalived gives it.
    run(router.namespace, 'ip addr add 10.99.0.50/24 dev net2; ip addr add fd00:99::50/128 dev net2 nodad');
    const server = node(router.gateway, SERVER);
    await eventually(() => expect(server()).toContain('listening'));
    const clients = OUTSIDE.map((address) => node(router.client, CLIENT, address));
    await eventually(() => expect(Math.min(...clients.map((output) => lines(output())))).toBeGreaterThan(3));

    const known = run(router.namespace, 'conntrack -L -o save 2>/dev/null');
    run(router.namespace, 'conntrack -F 2>/dev/null');
    const arriving = count(router.gateway, 'arriving', ['tcp dport 7000']);
    await setTimeout(1000);
    expect(arriving()).toBe(0);
    expect(dropped(router, GUARDED)).toBeGreaterThan(0);

    run(router.namespace, `conntrack -R - 2>/dev/null <<'END'\n${known}END`);
    const before = clients.map((output) => lines(output()));
    await eventually(() => {
      for (const [index, output] of clients.entries())
        expect(lines(output())).toBeGreaterThan((before[index] ?? 0) + 5);
    });
    for (const output of clients) {
      const numbers = output().trimEnd().split('\n');
      expect(numbers).toEqual(numbers.map((_, index) => String(index)));
    }
  });
});
