import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileOf, identityOf, ItemUnreadable, mentions, textOf, valueOf, type Item } from '../../fn/krm/item.ts';
import { read } from '../../fn/krm/read.ts';
import { write, writeDocuments } from '../../fn/krm/write.ts';
import { FORMS } from './forms.ts';

type Mutation = readonly [kind: number, at: number, length: number, character: string];

const CHARACTERS = [
  ...'\n\r\t #:-?,[]{}&*!|>\'"%@`\\<=.0aé\0\uFEFF\u2028'.split(''),
  '\ud800',
  '\n---\n',
  '\n- ',
  '*x ',
  '&x ',
  '<<: *x\n',
];

const mutation: fc.Arbitrary<Mutation> = fc.tuple(fc.nat(4), fc.nat(1000), fc.nat(12), fc.constantFrom(...CHARACTERS));

/** `at` is in thousandths of the text or of its lines. */
function mutate(text: string, [kind, at, length, character]: Mutation): string {
  const offset = Math.floor((text.length * at) / 1000);
  const lines = text.split('\n');
  const line = Math.floor((lines.length * at) / 1000);
  if (kind === 0) return text.slice(0, offset) + character + text.slice(offset + 1);
  if (kind === 1) return text.slice(0, offset) + character + text.slice(offset);
  if (kind === 2) return text.slice(0, offset) + text.slice(offset + length);
  if (kind === 3) return lines.toSpliced(line, 1).join('\n');
  return lines.toSpliced(line, 0, ...lines.slice(line, line + length)).join('\n');
}

function touch(item: Item): void {
  identityOf(item);
  fileOf(item);
  textOf(item);
  mentions(item, 'config.kubernetes.io/path');
  try {
    valueOf(item);
  } catch (error) {
    expect(error).toBeInstanceOf(ItemUnreadable);
  }
}

test('damaged input ends in items or in problems, soon, and leaves as it came', () => {
  let readable = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(FORMS)),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      (form, mutations) => {
        const text = mutations.reduce(mutate, form);
        const start = performance.now();
        const { input, problems } = read(text);
        for (const item of input.items) touch(item);
        for (const { message } of problems) expect(message).toMatch(/^line \d+, column \d+: [^\n]+$/);
        const same = write(input, { edited: new Map(), added: [] }, []);
        if (input.format === 'Documents') expect(same).toBe(text);
        else expect(write(read(same).input, { edited: new Map(), added: [] }, [])).toBe(same);

        const [first, second] = input.items;
        const edited = new Map<Item, string | undefined>(first === undefined ? [] : [[first, 'kind: Now\n']]);
        if (second !== undefined) edited.set(second, undefined);
        const changes = { edited, added: [{ apiVersion: 'v1', kind: 'Added', metadata: { name: 'added' } }] };
        const changed = write(input, changes, []);
        writeDocuments(input, changes);
        if (problems.length === 0) {
          readable += 1;
          const again = read(changed);
          expect(again.problems).toEqual([]);
          expect(again.input.items.length).toBe(input.items.length + (second === undefined ? 1 : 0));
        }
        expect(performance.now() - start).toBeLessThan(3_000);
      },
    ),
    { numRuns: 12_000, seed: 20_260_101 },
  );
  expect(readable).toBeGreaterThan(1_000);
});
