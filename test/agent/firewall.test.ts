import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { routerRules } from '../../fn/render/router-rules.ts';
import { planOf } from '../plan/network.ts';
import { count, createEgressRouter, type EgressRouter, egressSpec } from './egress-router.ts';
import { eventually } from './eventually.ts';
import type { Namespace } from './namespace.ts';
import { start, untilReady, writeConfig } from './program.ts';
import { describeInNamespaces } from './requirements.ts';
import { OUTSIDE } from './router.ts';

/** Sends ten lines a second, to whoever connects over TCP and to whoever has sent a datagram, on the port. */
const SERVER = `const port = Number(process.argv[1]);
require('node:net').createServer((socket) => {
  socket.on('error', () => undefined).resume();
  setInterval(() => socket.write('x\\n'), 100);
}).listen(port, '::', () => console.log('listening'));
for (const own of process.argv.slice(2)) {
  const socket = require('node:dgram').createSocket(own.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (text, { port, address }) => String(text) === 'x' && setInterval(() => socket.send('x', port, address), 100));
  socket.bind(port, own);
}`;

/** Asks, goes on sending ten times a second, and prints a line for each answer: arguments tcp or udp, address, port. */
const CLIENT = `const [protocol, address, port] = process.argv.slice(1);
if (protocol === 'tcp') {
  const connection = require('node:net').connect(port, address);
  connection.on('data', () => console.log('line')).on('error', () => undefined);
  setInterval(() => connection.write('x'), 100);
} else {
  const socket = require('node:dgram').createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', () => console.log('line'));
  socket.send('x', port, address);
  setInterval(() => socket.send('y', port, address), 100);
}`;

function node(namespace: Namespace, source: string, ...args: readonly string[]): { readonly lines: () => number } {
  const child: ChildProcess = spawn('ip', ['netns', 'exec', namespace, process.execPath, '-e', source, ...args]);
  let output = '';
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  return { lines: () => output.split('\n').length - 1 };
}

const FLOWS = OUTSIDE.flatMap((address) => ['tcp', 'udp'].map((protocol) => ({ protocol, address })));

/** Connections of a client to a port that go on by themselves. */
async function talk({ client, gateway }: EgressRouter, port: number) {
  const server = node(gateway, SERVER, String(port), ...OUTSIDE);
  await eventually(() => expect(server.lines()).toBe(1));
  const flows = FLOWS.map(({ protocol, address }) => node(client, CLIENT, protocol, address, String(port)));
  await eventually(() => expect(Math.min(...flows.map(({ lines }) => lines()))).toBeGreaterThan(3));
  return flows;
}

const SOME = 'deny: [{protocol: SCTP}]';

describeInNamespaces('firewall lists that change', () => {
  it.each([
    ['denied', 'deny: [{protocol: TCP, ports: [7000]}, {protocol: UDP, ports: [7000]}]'],
    ['no longer allowed', 'allow: [{protocol: TCP, ports: [7001]}, {protocol: UDP, ports: [7001]}]'],
  ])('end connections that are then %s, both ways, and no others', async (_, lists) => {
    const router = createEgressRouter(egressSpec(undefined, `firewall: {${SOME}}`));
    using running = start(router);
    await untilReady(running);
    const [ended, kept] = [await talk(router, 7000), await talk(router, 7001)];
    writeConfig(router, 'rules.nft', routerRules(planOf(egressSpec(undefined, `firewall: {${lists}}`))));
    await eventually(() => expect(running.log().match(/packet filter rules loaded/g)).toHaveLength(2));
    await setTimeout(200);
    const inbound = count(router.client, 'inbound', ['meta l4proto { tcp, udp } th sport 7000']);
    const outbound = count(router.gateway, 'outbound', ['meta l4proto { tcp, udp } th dport 7000']);
    const before = kept.map(({ lines }) => lines());
    await setTimeout(2000);
    expect([inbound(), outbound()]).toEqual([0, 0]);
    for (const [index, { lines }] of kept.entries()) expect(lines()).toBeGreaterThan((before[index] ?? 0) + 10);
    expect(ended).toHaveLength(4);
    await setTimeout(1000);
    // What the kernel shows is what it was given: nothing is loaded again.
    expect(running.log().match(/packet filter rules loaded/g)).toHaveLength(2);
  });
});
