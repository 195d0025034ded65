import { expect, test } from 'vitest';
import { patienceOf, whyToWait } from '../../../fn/node/router/verdict.ts';

const NOBODY = { isAnswered: false, hearsYounger: false, hearsOlder: false };
const OTHER = (seconds: number) =>
  `waiting for the end of another instance of this router, which has its addresses, for ${seconds} seconds at most`;

test('a router takes its addresses where nobody has them', () => {
  expect(whyToWait(NOBODY, 0, 0)).toBeUndefined();
});

test.each([{ isAnswered: true }, { hearsOlder: true }])('it waits as long as another may take to end: %o', (signs) => {
  expect(whyToWait({ ...NOBODY, ...signs }, 0, 0)).toBe(OTHER(10));
  expect(whyToWait({ ...NOBODY, ...signs }, 9.9, 0)).toBe(OTHER(10));
  expect(whyToWait({ ...NOBODY, ...signs }, 10, 0)).toBeUndefined();
  expect(whyToWait({ ...NOBODY, ...signs }, 10, 1)).toBe(OTHER(30));
});

test('it waits for a younger one without an end', () => {
  const why = 'a younger instance of this router has its addresses';
  expect(whyToWait({ ...NOBODY, hearsYounger: true }, 0, 0)).toBe(why);
  expect(whyToWait({ ...NOBODY, hearsYounger: true, isAnswered: true }, 1000, 0)).toBe(why);
});

test('the second of several may take 20 seconds longer to end, by its hook', () => {
  expect([0, 1, 2].map(patienceOf)).toEqual([10, 30, 50]);
});
