import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../fn/flux/archive.ts';
import { listen, serveArchives } from '../../fn/flux/server.ts';
import { openStore, pathOf } from '../../fn/flux/store.ts';
import { filesIn } from '../engines/folder.ts';
import { scratchFolder } from './tarball.ts';

const archive = (text: string) => {
  const bytes = new Uint8Array(Buffer.from(text));
  return { bytes, digest: digestOf(bytes) };
};
const [ONE, TWO, THREE] = [archive('one'), archive('two'), archive('three')];

describe('a store', () => {
  test('has what was put, by object and digest, also when it is opened again', async () => {
    const folder = scratchFolder();
    const store = await openStore(folder);
    await store.put('a/x', ONE);
    await store.put('a/x', ONE);
    for (const each of [store, await openStore(folder)]) {
      expect([
        await each.has('a/x', ONE.digest),
        await each.has('a/y', ONE.digest),
        await each.has('a/x', TWO.digest),
      ]).toEqual([true, false, false]);
    }
    expect([...filesIn(folder).keys()]).toEqual([pathOf('a/x', ONE.digest)]);
  });

  test('does not have what was changed or cut short', async () => {
    const folder = scratchFolder();
    const store = await openStore(folder);
    await store.put('a/x', ONE);
    writeFileSync(join(folder, pathOf('a/x', ONE.digest)), 'on');
    expect(await store.has('a/x', ONE.digest)).toBe(false);
    await store.put('a/x', ONE);
    expect(await store.has('a/x', ONE.digest)).toBe(true);
  });

  test('keeps one archive and the newest other', async () => {
    const folder = scratchFolder();
    const store = await openStore(folder);
    for (const [age, each] of [ONE, TWO, THREE].entries()) {
      await store.put('a/x', each);
      utimesSync(join(folder, pathOf('a/x', each.digest)), age, age);
    }
    await store.prune('a/x', ONE.digest);
    expect([...filesIn(folder).values()].toSorted()).toEqual(['one', 'three']);
  });

  test('removes what belongs to no object, and what an earlier process left half done', async () => {
    const folder = scratchFolder();
    const store = await openStore(folder);
    for (const key of ['a/x', 'a/y', 'b/z', 'c/w']) await store.put(key, ONE);
    writeFileSync(join(folder, 'scratch/half'), 'x');
    await store.retain(new Set(['a/y', 'c/w']));
    await store.remove('c/w');
    await openStore(folder);
    expect([...filesIn(folder).keys()]).toEqual([pathOf('a/y', ONE.digest)]);
    expect(readdirSync(join(folder, 'externalartifact')).toSorted()).toEqual(['a', 'c']);
  });

  test('lends files that go', async () => {
    const store = await openStore(scratchFolder());
    let used = '';
    await expect(
      store.withScratch((file) => {
        writeFileSync((used = file), 'x');
        return Promise.reject(new Error('no'));
      }),
    ).rejects.toThrow('no');
    expect([used !== '', existsSync(used)]).toEqual([true, false]);
  });

  test('keeps its files from others', async () => {
    const folder = scratchFolder();
    await (await openStore(folder)).put('a/x', ONE);
    expect(statSync(join(folder, pathOf('a/x', ONE.digest))).mode & 0o777).toBe(0o600);
  });
});

describe('the server', () => {
  const serve = async () => {
    const folder = scratchFolder();
    const store = await openStore(folder);
    await store.put('a/x', ONE);
    const errors: unknown[] = [];
    const server = await listen(
      '127.0.0.1:0',
      serveArchives(store, (error) => errors.push(error)),
    );
    return { folder, errors, close: server.close, url: `http://127.0.0.1:${server.port}/${pathOf('a/x', ONE.digest)}` };
  };

  test('sends an archive', async () => {
    const { url, close } = await serve();
    const response = await fetch(url);
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, '3', 'one']);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '3']);
    await close();
  });

  test('sends nothing else', async () => {
    const { url, folder, errors, close } = await serve();
    const { origin } = new URL(url);
    writeFileSync(join(folder, 'scratch/secret'), 'secret');
    mkdirSync(join(folder, pathOf('a/y', TWO.digest)), { recursive: true });
    symlinkSync('/etc/passwd', join(folder, 'externalartifact/a/passwd'));
    for (const path of [
      '/',
      '/externalartifact/',
      '/externalartifact/a/x/',
      '/externalartifact/a/passwd',
      '/scratch/secret',
      '/externalartifact/a/x/..%2f..%2f..%2fscratch%2fsecret',
      `/${pathOf('a/x', TWO.digest)}`,
      `/${pathOf('a/y', TWO.digest)}`,
      `/${pathOf('a/x/../x', ONE.digest)}%00`,
    ]) {
      expect([path, (await fetch(origin + path)).status]).toEqual([path, 404]);
    }
    expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(405);
    expect(readFileSync(join(folder, pathOf('a/x', ONE.digest)), 'utf8')).toBe('one');
    expect(errors).toEqual([]);
    await close();
  });
});
