import { execFileSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { archiveOf } from '../../fn/flux/archive.ts';
import { fileOf, scratchFolder, sha256 } from './tarball.ts';

const FILES = new Map([
  ['kustomization.yaml', 'resources: []\n'],
  ['egress/configmap_vpn.yaml', `${'ü'.repeat(100_000)}\n`],
  ['empty.yaml', ''],
]);

describe('an archive', () => {
  test('depends on names and contents alone', async () => {
    const one = await archiveOf(FILES);
    const other = await archiveOf(new Map([...FILES].toReversed()));
    expect(Buffer.from(one.bytes).equals(other.bytes)).toBe(true);
    expect(one.digest).toBe(sha256(one.bytes));
    expect((await archiveOf(new Map([...FILES, ['empty.yaml', ' ']]))).digest).not.toBe(one.digest);
  });

  test('is known by its digest for good', async () => {
    const { digest } = await archiveOf(new Map([['a.yaml', 'a: 1\n']]));
    expect(digest).toBe('sha256:80f5f24cbec2f855bf8a59ae9e68c2aec339b9f9837b15d3f4a318b72ef701b6');
  });

  test('is what GNU tar and gzip read', async () => {
    const file = fileOf((await archiveOf(FILES)).bytes);
    execFileSync('gzip', ['--test', file]);
    const listing = execFileSync(
      'tar',
      ['--list', '--verbose', '--full-time', '--utc', '--numeric-owner', '-f', file],
      { encoding: 'utf8' },
    );
    expect(
      listing
        .trim()
        .split('\n')
        .map((line) => line.replaceAll(/ +/g, ' ')),
    ).toEqual([
      '-rw------- 0/0 200001 1970-01-01 00:00:00 egress/configmap_vpn.yaml',
      '-rw------- 0/0 0 1970-01-01 00:00:00 empty.yaml',
      '-rw------- 0/0 14 1970-01-01 00:00:00 kustomization.yaml',
    ]);
    const folder = scratchFolder();
    execFileSync('tar', ['--extract', '-C', folder, '-f', file]);
    expect(execFileSync('cat', [`${folder}/egress/configmap_vpn.yaml`], { encoding: 'utf8' })).toBe(
      FILES.get('egress/configmap_vpn.yaml'),
    );
  });

  test.for([0, 1, 65_535, 65_536, 200_000])('of %i bytes in a file is unpacked by zlib', async (size) => {
    const { bytes } = await archiveOf(new Map([['x', 'x'.repeat(size)]]));
    expect(
      gunzipSync(bytes)
        .subarray(512, 512 + size)
        .toString(),
    ).toBe('x'.repeat(size));
  });
});
