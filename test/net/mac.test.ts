import { expect, it, test } from 'vitest';
import { macFrom } from '../../fn/net/mac.ts';

test('a MAC address is made of the first five bytes of a digest', () => {
  expect(macFrom('A1b2c3d4e5f60718')).toBe('02:a1:b2:c3:d4:e5');
});

it.each(['', 'a1b2c3d4e', 'not hexadecimal'])('"%s" is too little to make a MAC address of', (digest) => {
  expect(() => macFrom(digest)).toThrow(RangeError);
});
