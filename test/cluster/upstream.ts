/**
 * Stands for the servers of others from which a tutorial fetches pinned files: serves over TLS, on the loopback, the
 * files of a folder, in which each host has a folder of its own. Arguments: port, certificate, key, folder. Prints a
 * line when it listens.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';

const [port, certificate = '', key = '', folder = ''] = process.argv.slice(2);

const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, ({ headers, url }, answer) => {
  const file = join(folder, headers.host ?? '', url ?? '');
  if (existsSync(file)) answer.end(readFileSync(file));
  else answer.writeHead(404).end();
});
server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
