/**
 * Passes connections on, from the port on loopback or the socket of the first argument to that of
 * the second. Sockets in the file
 * system lead from one network namespace into another.
 */
import { connect, createServer } from 'node:net';

const [from = '', to = ''] = process.argv.slice(2);
const at = (text: string) => (/^\d+$/.test(text) ? { host: '127.0.0.1', port: Number(text) } : { path: text });

createServer((client) => {
  const server = connect(at(to));
  client.pipe(server).pipe(client);
  client.on('error', () => server.destroy());
  server.on('error', () => client.destroy());
}).listen(at(from), () => process.stdout.write('ready\n'));
