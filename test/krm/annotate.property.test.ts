import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml, stringify } from 'yaml';
import { setAnnotation } from '../../fn/krm/annotate.ts';
import { emitEntry } from '../../fn/yaml/edit/emit.ts';
import { scalar } from '../../fn/yaml/edit/scalar.ts';
import { parse } from '../../fn/yaml/parse.ts';
import { AWKWARD, manifest } from './manifests.ts';

const KEY = 'example.com/note';
const METADATA = ['metadata'];
const RUNS = 500;

/** A manifest whose annotations, if it has the key at all, are not empty: those would not come back. */
const annotatable = manifest.filter(
  ({ metadata: { annotations } }) => Object.keys(annotations ?? { a: '' }).length > 0,
);
const string = fc.oneof(fc.constantFrom(...AWKWARD), fc.string({ unit: 'binary', maxLength: 8 }));

const written = annotatable.chain((value) =>
  fc
    .oneof(
      fc
        .record({ eol: fc.constantFrom('\n', '\r\n'), unit: fc.constantFrom(2, 3), wideLists: fc.boolean() })
        .map((layout) =>
          Object.entries(value)
            .map(([key, field]) => emitEntry(key, field, 0, layout))
            .join(''),
        ),
      fc
        .record({ collectionStyle: fc.constantFrom('any', 'flow'), indent: fc.constantFrom(2, 4) })
        .map((options) => stringify(value, { ...options, aliasDuplicateObjects: false })),
      fc.constantFrom(undefined, 2, '\t').map((space) => JSON.stringify(value, undefined, space)),
    )
    .map((text) => ({ value, text })),
);

/** With comments, blank lines and line ends anywhere, and without the last line end. */
const disturbed = fc
  .tuple(
    written,
    fc.array(fc.tuple(fc.nat(), fc.nat(6), fc.constantFrom('# c', '', '  # c')), { maxLength: 4 }),
    fc.boolean(),
  )
  .map(([{ value, text }, extras, isCut]) => {
    const lines = text.split('\n');
    for (const [at, indent, extra] of extras) {
      const line = at % lines.length;
      if (extra.startsWith(' ')) lines[line] = `${lines[line]}`.replace(/\r?$/, (end) => extra + end);
      else lines.splice(line, 0, ' '.repeat(indent) + extra);
    }
    const result = lines.join('\n');
    return { value, text: isCut ? result.replace(/\r?\n$/, '') : result };
  });

test('setting says what is set and nothing else, and deleting gives the text back', () => {
  fc.assert(
    fc.property(disturbed, string, string, ({ value: was, text: before }, value, other) => {
      fc.pre(isDeepStrictEqual(parse(before).value, was));
      const set = setAnnotation(before, METADATA, KEY, value);
      const annotations = { ...was.metadata.annotations, [KEY]: value };
      expect(parse(set).value).toEqual({ ...was, metadata: { ...was.metadata, annotations } });
      expect(setAnnotation(set, METADATA, KEY, value)).toBe(set);
      expect(setAnnotation(set, METADATA, KEY, undefined)).toBe(before);
      expect(parse(setAnnotation(set, METADATA, KEY, other)).value).toEqual({
        ...was,
        metadata: { ...was.metadata, annotations: { ...annotations, [KEY]: other } },
      });
    }),
    { numRuns: RUNS },
  );
});

test('a string reads the same in every quoting, by YAML 1.1 and by 1.2, in block and in flow', () => {
  fc.assert(
    fc.property(string, fc.constantFrom('Plain', 'Single', 'Double'), (value, quoting) => {
      for (const version of ['1.1', '1.2'] as const) {
        const options = { version };
        expect(parseYaml(`a: ${scalar(value, quoting)}\n`, options)).toEqual({ a: value });
        expect(parseYaml(`{a: [${scalar(value, quoting, true)}, b]}\n`, options)).toEqual({ a: [value, 'b'] });
      }
    }),
    { numRuns: 2 * RUNS },
  );
});

describe('what an anchor shares is not changed', () => {
  test.each([
    ['annotations that are an alias', 'a: &a {b: c}\nmetadata:\n  annotations: *a\n'],
    ['annotations that an alias repeats', 'metadata:\n  annotations: &a\n    b: c\nd: *a\n'],
    ['metadata that an alias repeats', 'metadata: &a\n  name: x\nd: *a\n'],
    ['a value that an alias repeats', 'metadata:\n  annotations:\n    example.com/note: &a old\nd: *a\n'],
  ])('%s', (_, shared) => {
    const refusal = expect.objectContaining({ name: 'NotEditable', reason: 'Shared' });
    expect(() => setAnnotation(shared, METADATA, KEY, 'v')).toThrow(refusal);
    const present = shared.replace('b: c', 'example.com/note: old');
    if (present.includes(KEY)) expect(() => setAnnotation(present, METADATA, KEY, undefined)).toThrow(refusal);
    expect(setAnnotation(shared.replace('example.com/note', 'n'), METADATA, KEY, undefined)).toBe(
      shared.replace('example.com/note', 'n'),
    );
  });

  test('a merged annotation can be overridden, not deleted', () => {
    const merged = 'a: &a {example.com/note: old}\nmetadata:\n  annotations:\n    <<: *a\n';
    expect(() => setAnnotation(merged, METADATA, KEY, undefined)).toThrow(
      expect.objectContaining({ reason: 'Shared' }),
    );
    expect(setAnnotation(merged, METADATA, KEY, 'v')).toBe(`${merged}    example.com/note: v\n`);
  });

  test.each([
    ['that a new map would take the place of', 'a: &a {annotations: {b: c}}\nmetadata:\n  <<: *a\n'],
    ['in a map that is merged itself', 'a: &a {metadata: {name: x}}\n<<: *a\n'],
    [
      'which counts for more than the key before it',
      'a: &a {annotations: {}}\nmetadata:\n  annotations: {b: c}\n  <<: *a\n',
    ],
  ])('annotations %s are not set', (_, merged) => {
    expect(() => setAnnotation(merged, METADATA, KEY, 'v')).toThrow(expect.objectContaining({ reason: 'Shared' }));
    expect(setAnnotation(merged, METADATA, KEY, undefined)).toBe(merged);
  });

  test('an anchor that nothing refers to is no hindrance', () => {
    const anchored = 'metadata:\n  annotations: &a\n    b: c\n';
    expect(setAnnotation(anchored, METADATA, KEY, 'v')).toBe(`${anchored}    example.com/note: v\n`);
  });
});

test.each([
  ['Unreadable', 'metadata: [\n'],
  ['NotAMap', 'metadata: []\n'],
  ['NotAMap', 'metadata:\n  annotations: text\n'],
  ['NotAMap', '[]\n'],
])('a text is refused as %s: %j', (reason, broken) => {
  expect(() => setAnnotation(broken, METADATA, KEY, 'v')).toThrow(
    expect.objectContaining({ name: 'NotEditable', reason }),
  );
});
