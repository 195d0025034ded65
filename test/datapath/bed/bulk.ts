/**
 * Sends as much as it can over one connection. Arguments: `serve PORT`, which prints a line when it listens and tells
 * each sender how many bytes have come when it ends; or `send ADDRESS PORT MILLISECONDS`, which prints that number.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';

const [verb, ...rest] = process.argv.slice(2);
if (verb === 'serve') {
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    connection.on('data', () => undefined);
    connection.on('end', () => connection.end(String(connection.bytesRead)));
  });
  server.listen(Number(rest[0]), '::', () => console.log('listening'));
} else {
  const [address = '', port, milliseconds] = rest;
  const connection = connect({ host: address, port: Number(port), allowHalfOpen: true });
  await once(connection, 'connect');
  const bytes = Buffer.alloc(256 * 1024);
  const end = Date.now() + Number(milliseconds);
  while (Date.now() < end) if (!connection.write(bytes)) await once(connection, 'drain');
  connection.end();
  console.log(await text(connection));
}
