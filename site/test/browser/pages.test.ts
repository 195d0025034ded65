import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '../../../test/engines/describe-tools.ts';
import { command, sitePackages } from '../../../test/engines/tool.ts';
import { launch, newPage, PHONE, violations, widthOf } from './chromium.ts';
import { serve, type Server } from './serve.ts';

const BUILD = join(import.meta.dirname, '../../build.ts');
/** For a build, in milliseconds: half a minute of work on cores that others use, too. */
const PATIENCE = 300_000;

describeWith([command('chromium'), sitePackages()], (chromium = '') => {
  let folder = '';
  let server: Server;
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gwn-site-'));
    // Which fails where a link leads nowhere. vitest's own environment would make a build for development.
    const { VITEST: _, NODE_ENV: __, ...env } = process.env;
    execFileSync(process.execPath, [BUILD, folder], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    server = await serve(folder);
    browser = await launch(chromium);
  }, PATIENCE);
  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('lead to pages, files and headings that are there', () => {
    const pages = new Map(
      globSync('**/*.html', { cwd: folder }).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
    );
    expect(pages.size).toBeGreaterThan(80);
    const files = new Set(globSync('**/*', { cwd: folder }));
    const dead = [...pages].flatMap(([name, text]) =>
      [...text.matchAll(/ (?:href|src)="([^"]*)"/g)].flatMap(([, link = '']) => {
        if (/^(?:https?|data):/.test(link)) return [];
        const [path = '', anchor] = link.replaceAll('&amp;', '&').split('#');
        const target = path === '' ? name : relative('/', join('/', path.startsWith('/') ? '' : dirname(name), path));
        const file = target === '' ? 'index.html' : target;
        const isThere =
          files.has(file) &&
          (anchor === undefined || file.startsWith('playground/') || hasAnchor(pages.get(file), anchor));
        return isThere ? [] : [`${name}: ${link}`];
      }),
    );
    expect(dead).toEqual([]);
  });

  test('load nothing from elsewhere, and complain of nothing', async () => {
    const { page, seen } = await newPage(browser);
    for (const path of ['/', '/how-it-works.html', '/examples/multi-node.html']) {
      await page.goto(server.url + path, { waitUntil: 'networkidle0' });
    }
    expect(seen.requests.filter((url) => !url.startsWith(server.url))).toEqual([]);
    expect(seen.complaints).toEqual([]);
  });

  test.each(['light', 'dark'])('can be read by everybody, %s', async (value) => {
    const { page } = await newPage(browser);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
    for (const path of ['/', '/how-it-works.html']) {
      await page.goto(server.url + path, { waitUntil: 'networkidle0' });
      expect(await violations(page)).toEqual([]);
    }
  });

  test('fit a phone', async () => {
    const { page } = await newPage(browser);
    await page.setViewport(PHONE);
    for (const path of ['/', '/reference.html', '/how-it-works.html']) {
      await page.goto(server.url + path, { waitUntil: 'networkidle0' });
      expect([path, await widthOf(page)]).toEqual([path, PHONE.width]);
    }
  });

  test('are found by their words', async () => {
    const { page } = await newPage(browser);
    await page.goto(`${server.url}/`, { waitUntil: 'networkidle0' });
    await page.click('.DocSearch-Button');
    await page.locator('.VPLocalSearchBox input').fill('preserveInbound');
    await page.waitForSelector('.VPLocalSearchBox a[href^="/clients.html"]');
  });
});

function hasAnchor(page: string | undefined, anchor: string): boolean {
  return page?.includes(` id="${decodeURIComponent(anchor)}"`) === true;
}
