/** Answers over UDP and TCP with what it gets; arguments: the port, and the address to listen at, by default any. Prints a line when it listens. */
import { createSocket } from 'node:dgram';
import { createServer, isIPv4 } from 'node:net';

const [, , portText, host = '::'] = process.argv;
const port = Number(portText);
const datagrams = createSocket({ type: isIPv4(host) ? 'udp4' : 'udp6', ipv6Only: false });
datagrams.on('message', (message, { port: to, address }) => datagrams.send(message, to, address));
datagrams.on('error', () => undefined);
const streams = createServer((connection) => connection.on('error', () => undefined).pipe(connection));
datagrams.bind(port, host, () => streams.listen(port, host, () => console.log('listening')));
