/** Answers over UDP and TCP with what it gets; argument: the port. Prints a line when it listens. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const port = Number(process.argv[2]);
const datagrams = createSocket({ type: 'udp6', ipv6Only: false });
datagrams.on('message', (message, { port: to, address }) => datagrams.send(message, to, address));
datagrams.on('error', () => undefined);
const streams = createServer((connection) => connection.on('error', () => undefined).pipe(connection));
datagrams.bind(port, '::', () => streams.listen(port, '::', () => console.log('listening')));
