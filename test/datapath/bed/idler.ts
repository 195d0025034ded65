/**
 * Opens a connection to an echo server, arguments: address, port, and keeps it idle. Sends a line when it is told to by
 * one of its input, and prints what becomes of that: `echo`, or why the connection has ended.
 */
import { connect } from 'node:net';

const [address, port] = process.argv.slice(2) as [string, string];
const say = (text: string) => process.stdout.write(`${text}\n`);
const connection = connect({ host: address, port: Number(port), noDelay: true });
connection.on('connect', () => connection.write('first\n'));
connection.on('data', () => say('echo'));
connection.on('error', (error) => say(error.message));
process.stdin.on('data', () => connection.write('later\n')).on('end', () => process.exit(0));
