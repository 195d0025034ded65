import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { type CreateNodeOptions, type DocumentOptions, parseDocument, stringify, type ToStringOptions } from 'yaml';
import { emitEntry } from '../../fn/yaml/edit/emit.ts';
import { parseJson } from '../../fn/yaml/text/json.ts';
import { parse } from '../../fn/yaml/parse.ts';
import { changed, rewrite } from '../../fn/ownership/update.ts';
import { manifest } from '../krm/manifests.ts';

/** The text that an object has after a run. */
function update(text: string, wanted: Manifest): string {
  const current = (parseJson(text) ?? parse(text)).value;
  const target = changed(current, wanted);
  return target === undefined ? text : rewrite(text, current, target).text;
}

type Manifest = Readonly<Record<string, unknown>>;

const ours = (value: Manifest) =>
  fc
    .record({ eol: fc.constantFrom('\n', '\r\n'), unit: fc.constantFrom(2, 4), wideLists: fc.boolean() })
    .map((layout) =>
      Object.entries(value)
        .map(([key, field]) => emitEntry(key, field, 0, layout))
        .join(''),
    );
const foreign = (value: Manifest) =>
  fc
    .record<ToStringOptions & DocumentOptions & CreateNodeOptions>({
      indent: fc.constantFrom(2, 4),
      indentSeq: fc.boolean(),
      collectionStyle: fc.constantFrom('any', 'block'),
      defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_FOLDED'),
      aliasDuplicateObjects: fc.constant(false),
    })
    .map((options) => stringify(value, options));
const json = (value: Manifest) =>
  fc.constantFrom(undefined, 2, '\t').map((space) => JSON.stringify(value, undefined, space));

/** Comments and blank lines at any place; inside a block they change the value, and then the case does not count. */
const disturbed = (text: string) =>
  fc.array(fc.tuple(fc.nat(), fc.nat(8), fc.constantFrom('# c', '', '  # c')), { maxLength: 4 }).map((extras) => {
    const lines = text.split('\n');
    for (const [at, indent, extra] of extras) {
      const line = at % lines.length;
      if (extra.startsWith(' ')) lines[line] = `${lines[line]}`.replace(/\r?$/, (end) => extra + end);
      else lines.splice(line, 0, ' '.repeat(indent) + extra);
    }
    return lines.join('\n');
  });

/** A text of a manifest, and the manifest that it is to become. */
const change = fc
  .tuple(manifest, manifest)
  .chain(([before, wanted]) =>
    fc.tuple(
      fc.oneof(
        ours(before),
        ours(before).chain(disturbed),
        foreign(before),
        foreign(before).chain(disturbed),
        json(before),
      ),
      fc.constant({ before, wanted }),
    ),
  );

function expected({ before, wanted }: { before: Manifest; wanted: Manifest }) {
  const [had, has] = [before, wanted].map(({ metadata }) => metadata as { [key: string]: Record<string, string> });
  const kept = (name: string, isOurs: RegExp) =>
    Object.entries({
      ...Object.fromEntries(Object.entries(had?.[name] ?? {}).filter(([key]) => !isOurs.test(key))),
      ...has?.[name],
    });
  const labels = kept('labels', /^(gatewaynetwork\.dev|app\.kubernetes\.io)\//);
  const annotations = kept('annotations', /^gatewaynetwork\.dev\//);
  return {
    ...wanted,
    metadata: {
      ...has,
      ...((has?.['labels'] || labels.length > 0) && { labels: Object.fromEntries(labels) }),
      ...((has?.['annotations'] || annotations.length > 0) && { annotations: Object.fromEntries(annotations) }),
    },
  };
}

test('whatever the text was, it says what is wanted and what others added', () => {
  fc.assert(
    fc.property(change, ([text, pair]) => {
      fc.pre(isDeepStrictEqual(parse(text).value, pair.before));
      const result = update(text, pair.wanted);
      expect(parse(result).value).toEqual(expected(pair));
      expect(update(result, pair.wanted)).toBe(result);
    }),
    { numRuns: 1000 },
  );
});

test('what is printed reads the same by YAML 1.1', () => {
  fc.assert(
    fc.property(manifest, (wanted) => {
      const text = update('kind: x\n', wanted);
      expect(parseDocument(text, { version: '1.1' }).toJS()).toEqual(parseDocument(text).toJS());
    }),
    { numRuns: 1000 },
  );
});

test('the text itself is returned where nothing changes', () => {
  fc.assert(
    fc.property(
      manifest.chain((wanted) => fc.tuple(fc.oneof(ours(wanted), json(wanted)), fc.constant(wanted))),
      ([text, wanted]) => update(text, wanted) === text,
    ),
  );
});
