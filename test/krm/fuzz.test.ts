import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileOf, identityOf, ItemUnreadable, mentions, textOf, valueOf, type Item } from '../../fn/krm/item.ts';
import { read } from '../../fn/krm/read.ts';
import { write, writeDocuments } from '../../fn/krm/write.ts';
import { FORMS } from './forms.ts';
import { mutate, mutation } from './mutation.ts';
import { cpuTime } from '../cpu-time.ts';

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
        const start = cpuTime();
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
        expect(cpuTime() - start).toBeLessThan(3_000);
      },
    ),
    { numRuns: 12_000, seed: 20_260_101 },
  );
  expect(readable).toBeGreaterThan(1_000);
});
