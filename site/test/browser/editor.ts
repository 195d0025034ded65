import type { Page } from 'puppeteer-core';

/** Moves the cursor to a line of the editor, from 0. */
export async function moveTo(page: Page, line: number): Promise<void> {
  await page.focus('.cm-content');
  await page.keyboard.down('Control');
  await page.keyboard.press('Home');
  await page.keyboard.up('Control');
  for (let down = 0; down < line; down += 1) await page.keyboard.press('ArrowDown');
}

/** Types another text over the first line with a text, and waits until the function has run on it. */
export async function typeSpec(page: Page, from: string | RegExp, to: string): Promise<void> {
  const lines = await page.$$eval('.cm-line', (elements) => elements.map(({ textContent }) => textContent ?? ''));
  const line = lines.findIndex((text) => text.search(from) >= 0);
  await moveTo(page, line);
  await page.keyboard.press('End');
  await page.keyboard.down('Shift');
  await page.keyboard.press('Home');
  await page.keyboard.up('Shift');
  await page.keyboard.type((lines[line] ?? '').trim().replace(from, to));
  await rendered(page);
}

/** Waits until the function has run on what was typed until now: it runs a moment after the last key. */
export async function rendered(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const [last, key] = ['render', 'key'].map((name) => performance.getEntriesByName(name).at(-1)?.startTime ?? 0);
    return (last ?? 0) > (key ?? 0);
  });
}
