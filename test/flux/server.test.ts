import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../fn/flux/server.ts';

const LIMITS = { CONNECTIONS: 8, REQUEST: 400, RESPONSE: 1000, IDLE: 400, HEADERS: 1024 };

async function serve(listener: RequestListener = (_, response) => response.end('here')) {
  const { port, close } = await listen('127.0.0.1:0', listener, LIMITS);
  const sockets: Socket[] = [];
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await close();
  });
  /** A connection over which a text was sent, and what came back by the time that it was closed. */
  const open = async (text = '') => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    let answer = '';
    socket.on('data', (data) => (answer += data));
    await once(socket, 'connect');
    socket.write(text);
    const start = performance.now();
    const closed = new Promise<{ answer: string; after: number }>((resolve) => {
      socket.on('close', () => resolve({ answer, after: performance.now() - start }));
    });
    return { socket, closed };
  };
  return { url: `http://127.0.0.1:${port}/`, open };
}

const HEAD = 'GET / HTTP/1.1\r\nHost: a\r\n';

test.each([
  ['that says nothing', '', ''],
  ['with half a line', 'GET / HT', ''],
  ['with a header a while', HEAD, 'X-A: b\r\n'],
  ['with a body that does not come', `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n`, 'x'],
])('a client %s is cut', async (_, first, next) => {
  const { open } = await serve((incoming, response) => {
    incoming.on('end', () => response.end('here')).resume();
  });
  const { socket, closed } = await open(first);
  const timer = setInterval(() => socket.writable && socket.write(next), 50);
  const { answer, after } = await closed;
  clearInterval(timer);
  expect(answer).not.toContain('here');
  expect(after).toBeLessThan(3000);
});

test('a client with headers without end is cut', async () => {
  const { open } = await serve();
  const { closed } = await open(`${HEAD}X: ${'x'.repeat(100_000)}`);
  expect((await closed).answer).toMatch(/^HTTP\/1\.1 431 /);
});

test('a client that does not read is cut, and its answer ends', async () => {
  let isEnded = false;
  const { open, url } = await serve((_, response) => {
    response.on('close', () => (isEnded = true)).end(Buffer.alloc(64 << 20));
  });
  const { socket } = await open(`${HEAD}\r\n`);
  socket.pause();
  await expect.poll(() => isEnded, { timeout: 3000 }).toBe(true);
  expect((await fetch(url)).status).toBe(200);
});

test('a connection that idles between requests is closed', async () => {
  const { open } = await serve();
  const { closed } = await open(`${HEAD}\r\n`);
  expect(await closed).toMatchObject({ answer: expect.stringContaining('here') });
});

test('who asks at once is answered, however many others say nothing', async () => {
  const { open, url } = await serve();
  const others = await Promise.all(Array.from({ length: 50 }, () => open('GET ')));
  expect(await (await fetch(url)).text()).toBe('here');
  await sleep(20);
  expect(others.filter(({ socket }) => !socket.destroyed).length).toBeLessThan(LIMITS.CONNECTIONS);
});

test('who is being answered does not make room for who says nothing', async () => {
  const { open, url } = await serve((_, response) => void setTimeout(() => response.end('late'), 300));
  const answer = fetch(url).then((response) => response.text());
  await sleep(50);
  for (let count = 0; count < 50; count += 1) await open('GET ');
  expect(await answer).toBe('late');
});

test('where all are being answered, the oldest makes room', async () => {
  const { open, url } = await serve((_, response) => void response.write('x'));
  const others = await Promise.all(Array.from({ length: LIMITS.CONNECTIONS }, () => open(`${HEAD}\r\n`)));
  await sleep(50);
  expect((await fetch(url)).status).toBe(200);
  expect(others.filter(({ socket }) => socket.destroyed)).toHaveLength(1);
});
