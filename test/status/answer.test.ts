import { expect, test } from 'vitest';
import { parseAnswer } from '../../fn/cluster/answer.ts';

test('a list without items, which Go writes as null, is left out, and so are items', () => {
  const text = '{"status":{"images":[{"names":null,"sizeBytes":1}],"addresses":null},"cells":[null,1]}';
  expect(parseAnswer(text)).toEqual({ status: { images: [{ sizeBytes: 1 }] }, cells: [1] });
});

test('characters that a terminal would obey are made visible, whoever has put them into a message', () => {
  const message = 'no\u001b[2Jroute\u0007\u009b1m\rall is well\n\tsee\r\nbelow';
  expect(parseAnswer(JSON.stringify({ message }))).toEqual({
    message: String.raw`no\u001b[2Jroute\u0007\u009b1m\u000dall is well` + '\n\tsee\r\nbelow',
  });
});

test.each(['', '<html>', '1', 'null', '"a"'])('%j is no answer', (text) => {
  expect(parseAnswer(text)).toBeUndefined();
});
