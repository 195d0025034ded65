import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../fn/flux/limits.ts';
import { unpack } from '../../fn/flux/unpack.ts';
import { fileOf, tarball } from './tarball.ts';

const all = () => true;

test('gives the wanted files, by clean paths', async () => {
  const file = fileOf(
    await tarball({ './a/': { type: 'directory' }, './a//one.yaml': 'one', 'two.txt': 'two', 'empty.yaml': '' }),
  );
  const tree = await unpack(file, (path) => path.endsWith('.yaml'));
  expect([...tree].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])).toEqual([
    ['a/one.yaml', 'one'],
    ['empty.yaml', ''],
  ]);
});

test('reads names of any length and alphabet', async () => {
  const long = `${'d'.repeat(120)}/${'f'.repeat(200)}/ü.yaml`;
  expect([...(await unpack(fileOf(await tarball({ [long]: 'x' })), all)).keys()]).toEqual([long]);
});

describe('refuses', () => {
  test.for([
    [
      'a symbolic link',
      { 'x.yaml': { type: 'symlink', linkname: '/etc/passwd' } },
      '"x.yaml" is a symlink to "/etc/passwd"',
    ],
    ['a hard link', { 'x.yaml': { type: 'link', linkname: '../x' } }, '"x.yaml" is a link to "../x"'],
    [
      'a device',
      { 'x.yaml': { type: 'character-device', devmajor: 1, devminor: 3 } },
      '"x.yaml" is a character-device',
    ],
    ['a pipe', { 'x.yaml': { type: 'fifo' } }, '"x.yaml" is a fifo'],
    ['a way up', { 'a/../../x.yaml': 'x' }, '"a/../../x.yaml" must be a path below the top'],
    ['an absolute path', { '/tmp/x.yaml': 'x' }, '"/tmp/x.yaml" must be a path below the top'],
  ] as const)('%s, wanted or not', async ([, entries, message]) => {
    const file = fileOf(await tarball({ 'fine.yaml': 'fine', ...entries }));
    const refusal = { reason: 'InvalidArchive', message: expect.stringContaining(message), isTransient: false };
    await expect(unpack(file, all)).rejects.toMatchObject(refusal);
    await expect(unpack(file, () => false)).rejects.toMatchObject(refusal);
  });

  test.for([
    ['no gzip', async () => Buffer.from('hello'), /incorrect header check/],
    ['no tar', async () => gzipSync('hello'.repeat(1000)), /Invalid tar header/],
    [
      'a cut gzip',
      async () => (await tarball({ 'x.yaml': randomBytes(5000) })).subarray(0, 2000),
      /unexpected end of file/,
    ],
    [
      'a cut tar',
      async () => gzipSync(gunzipSync(await tarball({ 'x.yaml': randomBytes(5000) })).subarray(0, 2000)),
      /Unexpected end of data/,
    ],
    [
      'a flipped bit',
      async () => flipped(await tarball({ 'x.yaml': randomBytes(5000) })),
      /incorrect data check|invalid/,
    ],
  ] as const)('%s', async ([, bytes, message]) => {
    await expect(unpack(fileOf(await bytes()), all)).rejects.toThrow(message);
  });

  test('an archive that unpacks to more than the limit, in bounded memory', async () => {
    const file = fileOf(await tarball({ 'zeros.bin': Buffer.alloc(300 * 1024 * 1024) }));
    const before = process.memoryUsage().rss;
    await expect(unpack(file, () => false)).rejects.toThrow('it must not be larger than 256 MiB unpacked');
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  test('a manifest that is too large, before it is read', async () => {
    const file = fileOf(await tarball({ 'x.yaml': Buffer.alloc(50 * 1024 * 1024, 'a') }));
    await expect(unpack(file, all)).rejects.toThrow('x.yaml must not be larger than 4 MiB');
  });

  test('manifests that are too large together, and too many entries', async () => {
    const file = fileOf(await tarball({ 'a.yaml': 'aaa', 'b.yaml': 'bbb' }));
    await expect(unpack(file, all, { ...LIMITS, MANIFESTS: 5 })).rejects.toThrow(
      'its manifests must not be larger than',
    );
    await expect(unpack(file, all, { ...LIMITS, ENTRIES: 1 })).rejects.toThrow(
      'it must not hold more than 1 files and directories',
    );
  });
});

test('writes nothing', async () => {
  await unpack(fileOf(await tarball({ 'tmp-gwn-flux-here.yaml': 'x' })), all);
  expect(existsSync('tmp-gwn-flux-here.yaml')).toBe(false);
});

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.length - 6;
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}
