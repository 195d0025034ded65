import { expect, test } from 'vitest';
import { mentions, valueOf } from '../../fn/krm/item.ts';
import { read } from '../../fn/krm/read.ts';

const NEEDLE = 'example.com/net';

test.each([
  ['plainly', `${NEEDLE}: x\n`],
  ['in JSON with an escaped slash', '{"example.com\\/net": "x"}'],
  ['with an escaped letter', '"\\u0065xample.com/net": x\n'],
  ['with a shorter escape', '"\\x65xample.com/net": x\n'],
  ['over two lines', 'a: "example.com\\\n  /net"\n'],
])('an object that says it %s mentions it', (_name, text) => {
  const [item] = read(text).input.items;
  expect(item && JSON.stringify(valueOf(item))).toContain(NEEDLE);
  expect(item && mentions(item, NEEDLE)).toBe(true);
});

test.each([
  ['something else', 'kind: example.com/other\n'],
  ['nothing but escapes of other kinds', 'a: "\\t\\"\\n"\n'],
  ['backslashes in a script', 'a: |\n  \\u0065\n'],
])('an object that holds %s does not mention it', (_name, text) => {
  const [item] = read(text).input.items;
  expect(item && mentions(item, NEEDLE)).toBe(false);
});

test('what the neighbour says is not mentioned', () => {
  const [, item] = read(`kind: A\nx: ${NEEDLE}\n---\nkind: B\n---\nx: ${NEEDLE}\n`).input.items;
  expect(item && mentions(item, NEEDLE)).toBe(false);
});
