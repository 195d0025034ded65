import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fragmentOf, sharedIn } from '../playground/share.ts';

const encoded = (text: string) => `#1.${deflateRawSync(text).toString('base64url')}`;

test.each([{ text: 'a: ü\n' }, { text: 'a', before: 'b' }, { text: 'x'.repeat(200_000) }])(
  'a link carries what it was made of',
  async (shared) => {
    const fragment = await fragmentOf(shared);
    expect(fragment).toMatch(/^#1\.[\w-]+$/);
    expect(await sharedIn(fragment)).toEqual(shared);
  },
);

test('a link of another program is read as well', async () =>
  expect(await sharedIn(encoded('{"text":"kind: A","before":"kind: B"}'))).toEqual({
    text: 'kind: A',
    before: 'kind: B',
  }));

test.each([
  ['another fragment', '#problems'],
  ['another form', '#2.AAAA'],
  ['no base64', '#1.%%%'],
  ['no compressed text', '#1.AAAA'],
  ['no JSON', encoded('text')],
  ['no text', encoded('{"text": 1}')],
  ['null', encoded('null')],
  ['more than a page should unpack', encoded(JSON.stringify({ text: 'x'.repeat(2_000_000) }))],
])('%s is no link of ours', async (_, fragment) => expect(await sharedIn(fragment)).toBeUndefined());
