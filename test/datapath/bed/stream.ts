/**
 * Sends so many random bytes to an echo server over one connection, evenly over some time; arguments: address, port, bytes,
 * seconds, and the address to send from, or `-` for any. Prints {@link Streamed} as JSON. Gives up when nothing has come back
 * for 30 seconds.
 */
import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';

export interface Streamed {
  /** Whether every byte came back as it was sent. */
  readonly complete: boolean;
  /** How many came back. */
  readonly received: number;
  /** The longest time in which nothing came back, in milliseconds, from the first byte that was sent to the last that came back. */
  readonly silence: number;
  /** What ended it before its time. */
  readonly error?: string;
}

const INTERVAL = 20;
const PATIENCE = 30_000;

const [address = '', port, size, seconds, source = '-'] = process.argv.slice(2);
const bytes = randomBytes(Number(size));
const chunk = Math.ceil((bytes.length * INTERVAL) / (Number(seconds) * 1000));
const digest = createHash('sha256');
let received = 0;
let silence = 0;
let last = Date.now();
const connection = connect({ host: address, port: Number(port), ...(source !== '-' && { localAddress: source }) });
connection.setNoDelay().setTimeout(PATIENCE);
connection.on('connect', () => {
  last = Date.now();
  console.error('streaming');
  const timer = setInterval(send, INTERVAL);
  let sent = 0;
  function send(): void {
    connection.write(bytes.subarray(sent, sent + chunk));
    sent += chunk;
    if (sent >= bytes.length) clearInterval(timer);
  }
});
connection.on('data', (data: Buffer) => {
  noteSilence();
  digest.update(data);
  received += data.length;
  if (received >= bytes.length) end();
});
connection.on('timeout', () => end('nothing came back'));
connection.on('error', ({ message }) => end(message));
connection.on('close', () => end('closed'));

function noteSilence(): void {
  const now = Date.now();
  silence = Math.max(silence, now - last);
  last = now;
}

function end(error?: string): void {
  noteSilence();
  const complete =
    received === bytes.length && digest.digest('hex') === createHash('sha256').update(bytes).digest('hex');
  const streamed: Streamed = { complete, received, silence, ...(error !== undefined && { error }) };
  process.stdout.write(JSON.stringify(streamed), () => process.exit());
}
