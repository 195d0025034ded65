import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { isTransportAnnotation } from '../../fn/krm/annotations.ts';
import { withoutTransport } from '../../fn/krm/transport.ts';

const KEYS = ['a', 'config.kubernetes.io/path', 'config.k8s.io/id', 'internal.config.kubernetes.io/index', 'z.io/b'];
const VALUES = [
  "'0'",
  '0',
  'dir/a.yaml',
  '"x # y"',
  '|-\n      a\n\n      b',
  '|+\n      a\n\n',
  'b # note',
  '>\n      # no comment',
];

interface Metadata {
  readonly name: string;
  readonly annotations?: Record<string, unknown>;
}

test('nothing but the annotations of the orchestrator goes', () => {
  const annotations = fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES)), {
    minLength: 1,
    selector: ([key]) => key,
  });
  fc.assert(
    fc.property(annotations, fc.boolean(), fc.constantFrom('', '    # note\n', '\n'), (entries, nameFirst, between) => {
      const lines = entries.map(([key, value]) => `    ${key}: ${value}\n`).join(between);
      const parts = ['  name: n\n', `  annotations:\n${lines}`];
      const text = `kind: A\nmetadata:\n${(nameFirst ? parts : parts.toReversed()).join('')}spec: 0755\n`;
      const { annotations: before = {}, name } = (parse(text) as { metadata: Metadata }).metadata;
      const kept = Object.fromEntries(Object.entries(before).filter(([key]) => !isTransportAnnotation(key)));
      const expected: Metadata = Object.keys(kept).length === 0 ? { name } : { name, annotations: kept };
      const written = withoutTransport(text);
      expect((parse(written) as { metadata: Metadata }).metadata).toEqual(expected);
      expect(written).toContain('spec: 0755\n');
      if (Object.keys(kept).length === entries.length) expect(written).toBe(text);
    }),
    { numRuns: 500, seed: 20_260_103 },
  );
});
