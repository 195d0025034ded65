import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer-core';
import { expect, test } from 'vitest';
import { describeWith } from '../../test/engines/describe-tools.ts';
import { command, sitePackages } from '../../test/engines/tool.ts';
import { launch } from './browser/chromium.ts';
import { serve } from './browser/serve.ts';

const SITE = join(import.meta.dirname, '..');
/** Of which the best counts: what else the machine does is counted as the page's work. */
const RUNS = 3;
const AUDITS = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift'];

describeWith([command('chromium'), sitePackages()], (chromium = '') => {
  test('what Lighthouse says of the playground and of a page', { timeout: 600_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gwn-lighthouse-'));
    const { VITEST: _, NODE_ENV: __, ...env } = process.env;
    execFileSync(process.execPath, [join(SITE, 'build.ts'), folder], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const server = await serve(folder);
    const browser = await launch(chromium);
    try {
      for (const path of ['/playground/index.html', '/how-it-works.html']) {
        const report = await bestOf(browser, server.url + path);
        const scores = new Map(Object.entries(report.categories).map(([name, one]) => [name, scoreOf(one)]));
        const figures = AUDITS.map((name) => `${name} ${report.audits[name]?.displayValue}`);
        console.log([path, ...[...scores].map((score) => score.join(' ')), ...figures].join(', '));
        expect(scores.get('accessibility')).toBe(100);
        // The pages are the theme's, and no figure of theirs is promised.
        if (path.startsWith('/playground/')) expect(scores.get('performance')).toBeGreaterThanOrEqual(95);
      }
    } finally {
      await browser.close();
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});

type Report = NonNullable<Awaited<ReturnType<(typeof import('lighthouse'))['default']>>>['lhr'];

async function bestOf(browser: Browser, url: string): Promise<Report> {
  const { default: lighthouse } = await import('lighthouse');
  const reports: Report[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const page = await browser.newPage();
    // Its defaults: a phone of the middle class, on slow mobile data.
    const answer = await lighthouse(url, { logLevel: 'error' }, undefined, page);
    if (answer !== undefined) reports.push(answer.lhr);
    await page.close();
  }
  const performanceOf = ({ categories: { performance } }: Report) => scoreOf(performance);
  const [best] = reports.toSorted((one, other) => performanceOf(other) - performanceOf(one));
  if (best === undefined) throw new Error('Lighthouse said nothing');
  return best;
}

/** From 0 to 100. */
function scoreOf(category: { readonly score: number | null } | undefined): number {
  return Math.round((category?.score ?? 0) * 100);
}
