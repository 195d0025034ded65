/**
 * Tells who connects over TCP to a port the address that it sees; the argument is the port. Prints a line when it
 * listens.
 */
import { createServer } from 'node:net';

const server = createServer((connection) => {
  connection.on('error', () => undefined);
  connection.end(`${connection.remoteAddress?.replace('::ffff:', '')}\n`);
});
server.listen(Number(process.argv[2]), '::', () => console.log('listening'));
