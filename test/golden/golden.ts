import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';

/**
 * Holds a text against a file. With GOLDEN=write the file is written when it differs, and the test
 * fails all the same, so that a
 * run that writes is never taken for one that checks.
 */
export function expectGolden(text: string, file: string): void {
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (process.env['GOLDEN'] === 'write' && text !== expected) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(expected);
}
