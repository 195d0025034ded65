import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fetchArchive } from '../../fn/flux/fetch.ts';
import { serve } from './serve.ts';
import { scratchFolder, sha256 } from './tarball.ts';

const BODY = Buffer.from('the archive');

const source = (url: string, digest = sha256(BODY)) => ({ url, digest, revision: 'main@sha1:1' });
const target = () => join(scratchFolder(), 'archive');

describe('an archive', () => {
  test.for(['sha256', 'sha384', 'sha512'])('is fetched when its %s is right', async (algorithm) => {
    const url = await serve((_, response) => response.end(BODY));
    const file = target();
    await fetchArchive(source(url, `${algorithm}:${createHash(algorithm).update(BODY).digest('hex')}`), file);
    expect(readFileSync(file)).toEqual(BODY);
  });

  test('is refused when it is another', async () => {
    const url = await serve((_, response) => response.end('another archive'));
    await expect(fetchArchive(source(url), target())).rejects.toMatchObject({
      reason: 'VerificationFailed',
      isTransient: true,
      message: expect.stringContaining(`and must be ${sha256(BODY)}`),
    });
  });

  test.for(['sha256:abc', 'md5:d41d8cd98f00b204e9800998ecf8427e', 'sha256', '', 'blake3:x', 'constructor:x'])(
    'is not even asked for when its digest is %s',
    async (digest) => {
      let count = 0;
      const url = await serve((_, response) => response.end(String((count += 1))));
      const file = target();
      await expect(fetchArchive(source(url, digest), file)).rejects.toMatchObject({
        reason: 'VerificationFailed',
        isTransient: false,
      });
      expect([count, existsSync(file)]).toEqual([0, false]);
    },
  );

  test.for([
    [404, 'status 404, and must be 200'],
    [500, 'status 500, and must be 200'],
    [302, 'status 302, and must be 200'],
    [204, 'status 204, and must be 200'],
  ] as const)('is tried again after status %i', async ([status, message]) => {
    const url = await serve((_, response) => response.writeHead(status, { location: '/elsewhere' }).end());
    await expect(fetchArchive(source(url), target())).rejects.toMatchObject({
      reason: 'FetchFailed',
      isTransient: true,
      message: `GET ${url}: ${message}`,
    });
  });

  test('is tried again when the connection breaks, or nobody listens', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 1000 }).write('half');
      setTimeout(() => response.destroy(), 50);
    });
    await expect(fetchArchive(source(url), target())).rejects.toMatchObject({
      reason: 'FetchFailed',
      isTransient: true,
    });
    await expect(fetchArchive(source('http://127.0.0.1:1/x'), target())).rejects.toThrow('ECONNREFUSED');
  });

  test('is given up when it takes too long', async () => {
    const url = await serve((_, response) => void response.writeHead(200).write('x'));
    await expect(fetchArchive(source(url), target(), { size: 100, time: 200 })).rejects.toMatchObject({
      reason: 'FetchFailed',
      isTransient: true,
    });
  });

  test('is given up when it is too large, however long it goes on', async () => {
    const url = await serve((_, response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(1000)), 1);
      response.on('close', () => clearInterval(timer));
    });
    await expect(fetchArchive(source(url), target(), { size: 5000, time: 10_000 })).rejects.toMatchObject({
      reason: 'FetchFailed',
      isTransient: false,
      message: expect.stringContaining('the archive must not be larger than'),
    });
  });

  test.for(['file:///etc/passwd', 'ftp://x/y', 'x', ''])('is not looked for at %s', async (url) => {
    await expect(fetchArchive(source(url), target())).rejects.toThrow('which must be an HTTP URL');
  });
});
