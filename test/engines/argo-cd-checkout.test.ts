import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readEnvironment } from '../../fn/commands/argocd/environment.ts';
import { folderOf } from './folder.ts';

const ID = '6f1c6a5e-4f0e-4b7d-9d3c-0a4f2b1c7d11';

/**
 * Makes a directory below a new folder, in which links lead to others, and gives the checkout that
 * is found for it, from the folder on.
 */
function found(directory: string, sourcePath: string, links: Readonly<Record<string, string>> = {}): string {
  const top = realpathSync(folderOf({}));
  mkdirSync(join(top, directory), { recursive: true });
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(join(top, path, '..'), { recursive: true });
    symlinkSync(target, join(top, path));
  }
  const { checkout } = readEnvironment({ ARGOCD_APP_SOURCE_PATH: sourcePath }, join(top, directory));
  expect(`${checkout}/`).toMatch(/^\/.+\//);
  return checkout === top ? '.' : checkout.replace(`${top}/`, '');
}

describe('the checkout', () => {
  test.each([
    ['the whole repository', `_cmp_server/${ID}/clusters/a`, 'clusters/a', `_cmp_server/${ID}`],
    ['the application at the top', `_cmp_server/${ID}`, '.', `_cmp_server/${ID}`],
    ['a narrowed root', `_cmp_server/${ID}/production`, 'clusters/a/production', `_cmp_server/${ID}`],
    ['a root narrowed to the application', `_cmp_server/${ID}`, 'clusters/a/production', `_cmp_server/${ID}`],
    [
      "a repository with the server's names in it",
      `_cmp_server/${ID}/tmp/_cmp_server/x/a`,
      'tmp/_cmp_server/x/a',
      `_cmp_server/${ID}`,
    ],
    ['an application named as what is above', `_cmp_server/${ID}`, `tmp/_cmp_server/${ID}`, `_cmp_server/${ID}`],
    ['a path that leads up', `_cmp_server/${ID}/a`, '../../a', `_cmp_server/${ID}`],
  ])("is what Argo CD's server was sent: %s", (_, directory, sourcePath, expected) => {
    expect(found(directory, sourcePath)).toBe(expected);
  });

  test.each([
    ['all of the path', 'checkout/clusters/a', 'clusters/a', 'checkout'],
    ['all of a path that is not tidy', 'checkout/clusters/a', './clusters//a/', 'checkout'],
    ['the end of the path', 'checkout/a/production', 'clusters/a/production', 'checkout'],
    ['one name', 'checkout/production', 'clusters/a/production', 'checkout'],
    ['nothing', 'checkout/production', 'clusters/a/other', 'checkout/production'],
    ['a part of a name', 'checkout/my-production', 'production', 'checkout/my-production'],
    ['a path that leads up', 'checkout/a', 'x/../a', 'checkout/a'],
    ['a path from the root', 'checkout/a', '/a', 'checkout/a'],
    ['no path', 'checkout/a', '', 'checkout/a'],
  ])('elsewhere is above what the path accounts for: %s', (_, directory, sourcePath, expected) => {
    expect(found(directory, sourcePath)).toBe(expected);
  });

  test.each([
    ['to a directory beside', { 'checkout/apps/link': '../real/app' }, 'apps/link', 'checkout'],
    ['on the way', { 'checkout/link': 'real' }, 'link/app', 'checkout'],
    ['under a narrowed root', { 'checkout/link': 'real/app' }, 'clusters/link', 'checkout'],
    ['elsewhere', { 'checkout/link': '/etc' }, 'link', 'checkout/real/app'],
  ])('a path with a link %s leads to it', (_, links, sourcePath, expected) => {
    expect(found('checkout/real/app', sourcePath, links)).toBe(expected);
  });

  test.each(['proc/self/cwd', 'proc/thread-self/cwd', 'dev/fd/3', 'x/proc/self/cwd'])(
    'is not above the directory for %s, which leads there from the root of the file system',
    (sourcePath) => {
      const top = realpathSync(folderOf({}));
      const before = process.cwd();
      process.chdir(top);
      const { checkout } = readEnvironment({ ARGOCD_APP_SOURCE_PATH: sourcePath }, top);
      process.chdir(before);
      expect(checkout).toBe(top);
    },
  );
});
