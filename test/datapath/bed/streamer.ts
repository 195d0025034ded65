/**
 * Sends numbered lines to an echo server, arguments: address, port, until its input ends, and then
 * waits until the last has come
 * back, for ten seconds. Prints what became of them as {@link Stream}.
 */
import { connect } from 'node:net';

export interface Stream {
  /** How many lines of 20 bytes. */
  readonly sent: number;
  /** How many came back as they were, in their order. */
  readonly returned: number;
  /** The longest time without any, in milliseconds. */
  readonly pause: number;
  /** Why the connection ended before its time. */
  readonly error?: string;
}

/** Some 50 kilobytes a second. */
const INTERVAL = 20;
const LINES = 50;
const PATIENCE = 10_000;

const [address, port] = process.argv.slice(2) as [string, string];
const lineOf = (number: number) => `${String(number).padStart(19, '0')}\n`;
const LENGTH = lineOf(0).length;
let lines = 0;
let returned = 0;
let unread = Buffer.alloc(0);
let pause = 0;
let last = Date.now();

const connection = connect({ host: address, port: Number(port), noDelay: true });
const timer = setInterval(() => {
  let text = '';
  for (let i = 0; i < LINES; i++) text += lineOf(lines++);
  connection.write(text);
}, INTERVAL);
connection.on('connect', () => console.error('connected'));
connection.on('error', (error) => end(error.message));
connection.on('close', () => end('closed'));
connection.on('data', (chunk: Buffer) => {
  pause = Math.max(pause, Date.now() - last);
  last = Date.now();
  unread = Buffer.concat([unread, chunk]);
  for (; unread.length >= LENGTH; unread = unread.subarray(LENGTH)) {
    if (unread.toString('latin1', 0, LENGTH) !== lineOf(returned)) end(`line ${returned} came back as another`);
    returned++;
  }
  endWhenWhole();
});
process.stdin.resume().on('end', () => {
  clearInterval(timer);
  setTimeout(() => end('not all came back'), PATIENCE);
  endWhenWhole();
});

function endWhenWhole(): void {
  if (process.stdin.readableEnded && returned === lines) end();
}

function end(error?: string): void {
  clearInterval(timer);
  const stream: Stream = { sent: lines, returned, pause, ...(error !== undefined && { error }) };
  process.stdout.write(`${JSON.stringify(stream)}\n`, () => process.exit(0));
}
