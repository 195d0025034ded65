import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const EXAMPLES = new URL('../../examples/', import.meta.url);
/** An anonymous set with a network or a range: empty for a moment when rules are replaced (decision 40). */
const BAD_SET = /(?:addr|port|proto|type|mark|priority) (?:!= |ip6? )?\{[^}\n]*(?:\/\d|\d-\d)[^}\n]*\}/;

/** The manifests of each example, as they are expected. */
function expected(): readonly [string, string][] {
  return readdirSync(EXAMPLES).flatMap((name) => {
    const folder = new URL(`${name}/.expected/`, EXAMPLES);
    try {
      return readdirSync(folder).map((file): [string, string] => [
        `${name}/${file}`,
        readFileSync(new URL(file, folder), 'utf8'),
      ]);
    } catch {
      return [];
    }
  });
}

test.each(expected())('no set of %s holds a network or a range', (_, text) => {
  expect(BAD_SET.exec(text)?.[0]).toBeUndefined();
});

test('such a set would be seen', () => {
  expect(BAD_SET.test('ip daddr { 10.0.0.1, 10.1.0.0/16 } drop')).toBe(true);
  expect(BAD_SET.test('tcp dport { 80, 8000-8999 } accept')).toBe(true);
  expect(BAD_SET.test('ip6 saddr != { fe80::/10, :: } drop')).toBe(true);
});
