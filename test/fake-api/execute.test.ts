import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { programAnswers } from '../../fn/cluster/program-answers.ts';
import { fakeApi } from './fake-api.ts';

/** A frame of a WebSocket, from a server, with bytes of a channel (RFC 6455, section 5.2). */
function frame(channel: number | undefined, text: string): Buffer {
  const payload = Buffer.concat([Buffer.from(channel === undefined ? [] : [channel]), Buffer.from(text)]);
  const length = Buffer.alloc(10);
  length.set([0x82, 127]);
  length.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([length, payload]);
}

const [OUT, STATUS] = [1, 3] as const;
const CLOSE = Buffer.from([0x88, 0]);
const DONE = frame(STATUS, JSON.stringify({ status: 'Success' }));

/** What is told of a program whose pod sends this. */
async function answerTo(...frames: readonly Buffer[]) {
  const { kubeconfig } = await fakeApi(
    (_, response) => void response.end(),
    ({ headers }, socket: Duplex) => {
      const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      const accept = createHash('sha1').update(key).digest('base64');
      socket.on('error', () => undefined);
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n`,
      );
      for (const one of frames) socket.write(one);
      socket.end(CLOSE);
    },
  );
  const [answer] = await programAnswers({ kubeconfig }, [
    { namespace: 'egress', pod: 'a', container: 'router', command: ['x'] },
  ]);
  return answer && 'unasked' in answer ? answer.unasked : answer?.executed;
}

test('a command that ends well', async () => {
  expect(await answerTo(frame(OUT, 'a'), frame(OUT, 'b'), DONE)).toEqual({ status: 0, stdout: 'ab', stderr: '' });
});

test.each([
  ['a channel that is not known', frame(9, 'a')],
  ['a status that is no JSON', frame(STATUS, 'a')],
  ['nothing at all', frame(undefined, '')],
])('an answer with %s is not understood, and is no fault of the program', async (_, one) => {
  expect(await answerTo(one)).toBe('its answer is not understood');
});

test('a command that prints without end is ended', async () => {
  const many = Array.from({ length: 9 }, () => frame(OUT, 'a'.repeat(1024 * 512)));
  expect(await answerTo(...many)).toBe('it has printed more than 4 MiB');
});

test.each([
  [{ status: 'Failure', message: 'a', details: { causes: [{ reason: 'ExitCode', message: '3' }] } }, 3],
  [{ status: 'Failure', message: 'a' }, 255],
  [{ status: 'Failure', message: 'a', details: { causes: 'b' } }, 255],
  [{ status: 'Failure', message: 'a', details: { causes: [null] } }, 255],
])('of the status %j, the exit status is %d', async (given, status) => {
  expect(await answerTo(frame(STATUS, JSON.stringify(given)))).toEqual({ status, stdout: '', stderr: 'a' });
});
