/**
 * Sends random bytes to an echo server, arguments: address, port, how many. Ends well when they
 * came back as they were.
 */
import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const [address, port, size] = process.argv.slice(2) as [string, string, string];
const bytes = randomBytes(Number(size));
const received = createHash('sha256');
let count = 0;
const connection = connect({ host: address, port: Number(port), timeout: 5000 });
connection.on('data', (chunk: Buffer) => {
  received.update(chunk);
  count += chunk.length;
  if (count < bytes.length) return;
  process.exit(received.digest('hex') === createHash('sha256').update(bytes).digest('hex') ? 0 : 1);
});
connection.on('error', () => process.exit(1));
connection.on('timeout', () => process.exit(1));
connection.write(bytes);
