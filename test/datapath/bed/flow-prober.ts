/**
 * Tries flows, arguments: `tcp|udp|icmp,address,port`. Prints for each, in their order, whether
 * there was an answer, as JSON.
 */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

const WAIT = 800;
const tries = process.argv.slice(2).map((text) => {
  const [protocol = '', address = '', port = ''] = text.split(',');
  return protocol === 'tcp'
    ? tryStream(address, Number(port))
    : protocol === 'udp'
      ? tryDatagrams(address, Number(port))
      : tryEcho(address);
});
process.stdout.write(JSON.stringify(await Promise.all(tries)), () => process.exit(0));

function tryStream(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect({ host, port, timeout: WAIT });
    connection.on('connect', () => connection.write('x'));
    connection.on('data', () => resolve(true));
    connection.on('timeout', () => resolve(false));
    connection.on('error', () => resolve(false));
  });
}

function tryDatagrams(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.on('message', () => resolve(true));
    socket.on('error', () => resolve(false));
    for (const delay of [0, WAIT / 4]) setTimeout(() => socket.send('x', port, address, () => undefined), delay);
    setTimeout(() => resolve(false), WAIT);
  });
}

function tryEcho(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    spawn('ping', ['-n', '-c', '2', '-i', '0.2', '-W', '0.6', address], { stdio: 'ignore' }).on('close', (status) =>
      resolve(status === 0),
    );
  });
}
