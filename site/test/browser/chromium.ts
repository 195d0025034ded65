import type { Browser, Page } from 'puppeteer-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What a page has done that it should not. */
export interface Seen {
  /** Requests, except for those of `data:` and `blob:`. */
  readonly requests: string[];
  /** Errors of scripts, and what the console or a policy complains of. */
  readonly complaints: string[];
}

/** A Chromium that resolves no name. */
export async function launch(path: string): Promise<Browser> {
  const { default: puppeteer } = await import('puppeteer-core');
  return puppeteer.launch({
    executablePath: path,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
  });
}

/** Does something on a page, for which its program is loaded, and waits until that runs. */
export async function awaken(page: Page): Promise<void> {
  await page.mouse.move(5, 5);
  await page.waitForSelector('html[data-ready]');
}

/** A page in a profile of its own, which remembers when keys were pressed. */
export async function newPage(browser: Browser): Promise<{ readonly page: Page; readonly seen: Seen }> {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.evaluateOnNewDocument(() => addEventListener('keydown', () => performance.mark('key'), true));
  const seen: Seen = { requests: [], complaints: [] };
  page.on('request', (request) => {
    if (!/^(?:data|blob):/.test(request.url())) seen.requests.push(request.url());
  });
  page.on('pageerror', (error) => seen.complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) seen.complaints.push(message.text());
  });
  return { page, seen };
}

/** The violations that axe finds, by rule and the elements concerned. */
export async function violations(page: Page): Promise<readonly string[]> {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  return page.evaluate(`(async () => {
    ${axe};
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ': ' + target.join(' ') + ' ' + failureSummary));
  })()`) as Promise<readonly string[]>;
}

/** A phone of the smallest kind that is common. */
export const PHONE = { width: 360, height: 780, isMobile: true, hasTouch: true };

/** How wide the page is: wider than the screen where it has to be moved sideways. */
export function widthOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth);
}

/** The text of the first element that a selector finds. */
export function textOf(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => element.textContent ?? '');
}

/** What has the focus, by its id or else its classes. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.id || document.activeElement?.className || '');
}
