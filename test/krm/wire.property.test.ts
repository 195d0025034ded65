import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Changes, KubernetesObject } from '../../fn/krm/input.ts';
import { identityOf, textOf, valueOf, type Item } from '../../fn/krm/item.ts';
import { identityOfValue, scanIdentity } from '../../fn/krm/identity.ts';
import { read } from '../../fn/krm/read.ts';
import { write, writeDocuments } from '../../fn/krm/write.ts';
import { contentAt } from '../../fn/yaml/text/lines.ts';
import { parse } from '../../fn/yaml/parse.ts';
import { blockList, flowList, jsonList, stream, yamlObject } from './foreign.ts';

const FORMS = { 'a block list': blockList, 'a stream': stream, 'a JSON list': jsonList, 'a flow list': flowList };
fc.configureGlobal({ seed: 20_260_102 });

const NOTHING: Changes = { edited: new Map(), added: [] };
const ADDED: KubernetesObject = { apiVersion: 'v1', kind: 'Added', metadata: { name: 'added' } };
const EDITED = 'apiVersion: v1\nkind: Edited\nscript: |\n  a\n\n  b\n';

function bytesOf({ source, start, end }: Item): string {
  return source.text.slice(start, end);
}

/** The items of a list, by a parse of the whole. */
function itemsOf(text: string): unknown {
  const { value } = parse(text);
  return value === undefined ? undefined : (value as { items?: unknown }).items;
}

/** Values as another parse of the whole text sees them; `12345678901234567890` would be lost in a double. */
function reference(text: string): unknown[] {
  const documents = parseAllDocuments(text, { version: '1.2', intAsBigInt: true, merge: true });
  return [...documents].map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as unknown;
  });
}

describe.each(Object.entries(FORMS))('%s of random objects', (_name, form) => {
  test('is read without a problem, each object as itself', () => {
    fc.assert(
      fc.property(form, ({ text, objects }) => {
        const { input, problems } = read(text);
        expect(problems).toEqual([]);
        expect(input.items.map(valueOf)).toEqual(itemsOf(text) ?? objects.map((object) => parse(object).value));
      }),
    );
  });

  test('leaves as the bytes it came in', () => {
    fc.assert(
      fc.property(form, ({ text }) => {
        expect(write(read(text).input, NOTHING, [])).toBe(text);
      }),
    );
  });

  test('changes where it is told to, and nowhere else', () => {
    fc.assert(
      fc.property(form, fc.infiniteStream(fc.constantFrom('keep', 'keep', 'edit', 'remove')), ({ text }, fates) => {
        const { input } = read(text);
        const edited = new Map<Item, string | undefined>();
        const expected: unknown[] = [];
        const kept: string[] = [];
        for (const item of input.items) {
          const fate = fates.next().value;
          if (fate === 'remove') edited.set(item, undefined);
          if (fate === 'edit') edited.set(item, EDITED);
          if (fate === 'keep') kept.push(bytesOf(item));
          if (fate !== 'remove') expected.push(fate === 'edit' ? parse(EDITED).value : valueOf(item));
        }
        const output = write(input, { edited, added: [ADDED] }, [{ code: 'Advice', severity: 'info', message: 'm' }]);
        const again = read(output);
        expect(again.problems).toEqual([]);
        expect(again.input.items.map(valueOf)).toEqual([...expected, ADDED]);
        const bytes = again.input.items.map((item) => bytesOf(item));
        for (const one of kept) expect(bytes).toContain(one);
        if (input.format === 'ResourceList') expect(output).toContain('Advice');
      }),
    );
  });

  test('becomes plain documents of the same values', () => {
    fc.assert(
      fc.property(form, ({ text }) => {
        const { input } = read(text);
        const output = writeDocuments(input, { edited: new Map(), added: [ADDED] });
        const before = input.items.map((item) => reference(textOf(item))[0]);
        expect(reference(output)).toEqual([...before, ADDED]);
      }),
    );
  });
});

test('the fast identity is the one that a parse gives', () => {
  let fast = 0;
  fc.assert(
    fc.property(yamlObject, (text) => {
      const start = contentAt(text, 0, text.length);
      const scanned = scanIdentity(text, start, text.length, 0);
      if (scanned !== undefined) {
        fast += 1;
        expect(scanned).toEqual(identityOfValue(parse(text).value));
      }
    }),
    { numRuns: 5_000 },
  );
  expect(fast).toBeGreaterThan(500);
});

test('an identity does not depend on the list that an object stands in', () => {
  fc.assert(
    fc.property(blockList, ({ text, objects }) => {
      const expected = objects.map((object) => identityOfValue(parse(object).value));
      expect(read(text).input.items.map(identityOf)).toEqual(expected);
    }),
  );
});
