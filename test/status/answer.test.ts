import { expect, test } from 'vitest';
import { parseAnswer } from '../../fn/cluster/answer.ts';

test('a list without items, which Go writes as null, is left out; items stay where they are', () => {
  const text = '{"status":{"images":[{"names":null,"sizeBytes":1}],"addresses":null},"cells":[null,1]}';
  expect(parseAnswer(text)).toEqual({ status: { images: [{ sizeBytes: 1 }] }, cells: [null, 1] });
});
