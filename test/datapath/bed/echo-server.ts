/**
 * Answers over UDP and TCP with what it gets; arguments: the port, and the addresses, by default
 * all. Prints a line when it listens.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

const port = Number(process.argv[2]);
const addresses = process.argv.length > 3 ? process.argv.slice(3) : ['::'];
for (const address of addresses) {
  const datagrams = address.includes(':')
    ? createSocket({ type: 'udp6', ipv6Only: address !== '::' })
    : createSocket('udp4');
  datagrams.on('message', (message, { port: to, address: sender }) => datagrams.send(message, to, sender));
  datagrams.on('error', () => undefined);
  const streams = createServer((connection) => connection.on('error', () => undefined).pipe(connection));
  datagrams.bind(port, address);
  streams.listen(port, address);
  await Promise.all([once(datagrams, 'listening'), once(streams, 'listening')]);
}
console.log('listening');
