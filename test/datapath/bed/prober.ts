/**
 * Sends from an address, or from any where it is `-`, to the echo servers at the others, until its
 * input ends: a datagram every
 * 20 ms, a new TCP connection every 100 ms, a byte every 50 ms over a connection that stays, and
 * echo requests. Prints what
 * became of them as {@link Report}.
 */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { isIPv6, connect, type Socket } from 'node:net';

/** When each was sent and answered, in milliseconds since the epoch; 0 for no answer. */
export type Exchanges = [sent: number, answered: number][];

export interface Report {
  readonly address: string;
  readonly udp: Exchanges;
  readonly tcp: Exchanges;
}

const stops: (() => void)[] = [];
const reports: Report[] = [];
const [source, portText, ...addresses] = process.argv.slice(2) as [string, string, ...string[]];
const port = Number(portText);
const from = source === '-' ? undefined : source;
for (const address of addresses) probe(address);
process.stdin.resume().on('end', () => {
  for (const stop of stops) stop();
  process.stdout.write(JSON.stringify(reports), () => process.exit(0));
});
console.error('probing');

function probe(address: string): void {
  const report: Report = { address, udp: [], tcp: [] };
  reports.push(report);
  probeDatagrams(address, report.udp);
  repeat(100, () => probeConnection(address, report.tcp));
  keepConnection(address);
  const ping = spawn('ping', ['-n', '-q', '-i', '0.05', ...(from ? ['-I', from] : []), address], { stdio: 'ignore' });
  stops.push(() => ping.kill());
}

function repeat(milliseconds: number, action: () => void): void {
  action();
  const timer = setInterval(action, milliseconds);
  stops.push(() => clearInterval(timer));
}

function probeDatagrams(address: string, exchanges: Exchanges): void {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  socket.on('error', () => undefined);
  socket.on('message', (message, sender) => {
    const exchange = exchanges[Number(message.toString())];
    // An answer from another address is none.
    if (exchange && exchange[1] === 0 && sender.address === address) exchange[1] = Date.now();
  });
  if (from) socket.bind({ address: from });
  repeat(20, () => {
    const number = exchanges.push([Date.now(), 0]) - 1;
    socket.send(String(number), port, address, () => undefined);
  });
}

function probeConnection(address: string, exchanges: Exchanges): void {
  const exchange: Exchanges[number] = [Date.now(), 0];
  exchanges.push(exchange);
  const connection = connect({ host: address, port, timeout: 3000, ...(from && { localAddress: from }) });
  connection.on('connect', () => connection.write('x'));
  connection.on('data', () => {
    exchange[1] = Date.now();
    connection.destroy();
  });
  connection.on('timeout', () => connection.destroy());
  connection.on('error', () => undefined);
}

function keepConnection(address: string): void {
  let connection: Socket = connect({ host: address, port });
  connection.on('error', () => undefined);
  repeat(50, () => {
    if (connection.destroyed) connection = connect({ host: address, port }).on('error', () => undefined);
    connection.write('x');
    connection.resume();
  });
}
