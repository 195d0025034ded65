import { describe, expect, test } from 'vitest';
import { fingerprint, fingerprintOf } from '../../../fn/node/config/fingerprint.ts';
import {
  flag,
  integer,
  list,
  object,
  oneOf,
  optional,
  readable,
  text,
  variants,
} from '../../../fn/node/config/shape.ts';

const SHAPE = object({
  name: text('a name', /^[a-z]+$/),
  count: integer(1, 9),
  on: optional(flag),
  inner: object({ sizes: list(integer(0, 99)), kind: oneOf('One', 'Two') }),
  choice: variants({ None: {}, Some: { number: readable('a number', (digits) => (digits === '' ? undefined : 1)) } }),
});
const GOOD = { name: 'a', count: 1, inner: { sizes: [1, 2], kind: 'Two' }, choice: { type: 'Some', number: '7' } };
const check = (value: unknown) => SHAPE.check(value, 'config.json: ');

describe('the shape of data', () => {
  test('lets pass what has it', () => {
    expect(check(GOOD)).toEqual(GOOD);
    expect(check({ ...GOOD, on: false, choice: { type: 'None' } })).toMatchObject({ on: false });
  });

  test.each([
    [{ ...GOOD, name: 'A' }, 'config.json: name must be a name, but is "A"'],
    [{ ...GOOD, name: undefined }, 'config.json: name is missing'],
    [{ ...GOOD, count: 10 }, 'config.json: count must be a number from 1 to 9, but is 10'],
    [{ ...GOOD, count: 1.5 }, 'config.json: count must be a number from 1 to 9, but is 1.5'],
    [{ ...GOOD, on: 'no' }, 'config.json: on must be true or false, but is "no"'],
    [{ ...GOOD, more: 1 }, 'config.json: more is not a field that is known'],
    [{ ...GOOD, inner: [] }, 'config.json: inner must be an object with sizes, kind, but is []'],
    [
      { ...GOOD, inner: { ...GOOD.inner, sizes: [1, 'x'] } },
      'config.json: inner.sizes[1] must be a number from 0 to 99, but is "x"',
    ],
    [
      { ...GOOD, inner: { ...GOOD.inner, kind: 'Three' } },
      'config.json: inner.kind must be "One" or "Two", but is "Three"',
    ],
    [{ ...GOOD, inner: { ...GOOD.inner, also: 1 } }, 'config.json: inner.also is not a field that is known'],
    [{ ...GOOD, choice: { type: 'None', number: '7' } }, 'config.json: choice.number is not a field that is known'],
    [{ ...GOOD, choice: { type: 'Some' } }, 'config.json: choice.number is missing'],
    [{ ...GOOD, choice: { type: 'Some', number: '' } }, 'config.json: choice.number must be a number, but is ""'],
    [{ ...GOOD, choice: {} }, 'config.json: choice.type is missing'],
    [{ ...GOOD, name: 'A'.repeat(200) }, `config.json: name must be a name, but is "${'A'.repeat(79)}...`],
    [null, 'config.json: must be an object with name, count, on, inner, choice, but is null'],
  ])('names what has it not: %#', (value, message) => {
    expect(() => check(value)).toThrow(message);
  });
});

describe('the fingerprint', () => {
  // The first half has the test vectors of FNV-1a with 32 bits (draft-eastlake-fnv, appendix C).
  test.each([
    ['', '811c9dc5'],
    ['a', 'e40c292c'],
    ['foobar', 'bf9cf968'],
  ])('of %j', (value, expected) => {
    expect(fingerprint(value)).toMatch(new RegExp(`^${expected}[\\da-f]{8}$`));
  });

  test('differs for texts that differ in little', () => {
    const texts = Array.from({ length: 20_000 }, (_, index) => `{ "mtu": ${index} }`);
    for (const half of [0, 8]) {
      const halves = new Set(texts.map((each) => fingerprint(each).slice(half, half + 8)));
      expect(halves.size).toBeGreaterThan(19_980);
    }
    expect(new Set(texts.map(fingerprint)).size).toBe(20_000);
  });

  test('of files does not depend on their order, but on their names and texts', () => {
    const one = fingerprintOf(
      new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
    );
    expect(
      fingerprintOf(
        new Map([
          ['b', '2'],
          ['a', '1'],
        ]),
      ),
    ).toBe(one);
    expect(
      fingerprintOf(
        new Map([
          ['a', '12'],
          ['b', ''],
        ]),
      ),
    ).not.toBe(one);
    expect(
      fingerprintOf(
        new Map([
          ['a', '1'],
          ['c', '2'],
        ]),
      ),
    ).not.toBe(one);
  });
});
