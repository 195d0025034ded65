import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinClients } from '../../fn/clients/join.ts';
import { interfacesOf, parseNetworks } from '../../fn/clients/networks-annotation.ts';
import { read } from '../../fn/krm/read.ts';
import { parse } from '../../fn/krm/text/parse.ts';
import type { NetworkPlan } from '../../fn/plan/network-plan.ts';
import { planOf } from '../plan/network.ts';

const NETWORKS = 'k8s.v1.cni.cncf.io/networks';
const spec = (name: string) => `{subnets: [10.9.0.0/24], clients: [{names: [${name}]}]}`;
const VPN = planOf(spec('w'));
const SCAN = planOf(spec('w'), { name: 'scan', namespace: 'apps' });
const NOBODY = [VPN, SCAN].map(({ name, namespace }) => planOf(spec('x'), { name, namespace }));

const some = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const entry = fc.record({
  name: some('a', 'storage', 'macvlan-conf.1'),
  namespace: some(undefined, 'apps', 'other'),
  interface: some(undefined, undefined, 'net1', 'net2', 'net3', 'eth1'),
});
const entries = fc.array(entry, { minLength: 1, maxLength: 4 });

/** An annotation in the short form, on one line or on several. */
const short = fc
  .tuple(entries, some(',', ', ', ' , ', ',\n', ' ,\n'))
  .map(([list, separator]) =>
    list
      .map((one) => (one.namespace ? `${one.namespace}/` : '') + one.name + (one.interface ? `@${one.interface}` : ''))
      .join(separator),
  );
const json = fc
  .tuple(
    fc.oneof(
      fc.array(
        fc
          .tuple(
            entry,
            some({}, { mac: 'c2:b0:57:49:47:f1' }, { 'cni-args': { note: `it's "}]", [{` } }, { ips: ['10.0.0.1/24'] }),
          )
          .map(([one, more]) => ({ ...one, ...more })),
        { maxLength: 3 },
      ),
      fc.constant([]),
    ),
    some<string | number | undefined>(undefined, 1, 2, '\t'),
    fc.boolean(),
  )
  .map(([list, indent, spaced]) => {
    const text = JSON.stringify(list, undefined, indent);
    return spaced && indent === undefined ? text.replaceAll('},{', '}, {') : text;
  });

const indented = (text: string, by: number) => text.replaceAll(/^(?=.)/gm, ' '.repeat(by));
const safelyFolded = (text: string) => !text.includes('\t');

/** A value as it may be spelled in a block map whose entries stand at the column. */
const spelled = (column: number): fc.Arbitrary<string> =>
  fc.oneof(
    short.map((text) => ` ${text.replaceAll('\n', `\n${' '.repeat(column + 2)}`)}`),
    fc.tuple(fc.oneof(short, json), some('"', "'"), some('', ' ', '  # c')).map(([text, quote, tail]) => {
      if (quote === "'")
        return ` '${text.replaceAll("'", "''").replaceAll('\n', `\n${' '.repeat(column + 2)}`)}'${tail}`;
      return ` ${JSON.stringify(text)}${tail}`;
    }),
    fc
      .tuple(fc.oneof(short, json), some('|', '|-', '>', '>-', '|2-', '| # a, b'), some('', '\n'))
      .filter(([text, header]) => header.startsWith('|') || safelyFolded(text))
      .map(([text, header, end]) => ` ${header}\n${indented(text, column + 2)}${end}`),
    some(' ""', " ''", '', ' null', ' ~', ' |-', ' "[]"', " ' [ ] '"),
  );

/** What stands at `metadata`, its lines at a column; without a line end. */
const blockMetadata = (column: number): fc.Arbitrary<string> => {
  const at = ' '.repeat(column);
  const inner = ' '.repeat(column + 2);
  const deepest = ' '.repeat(column + 4);
  return fc.oneof(
    some(
      '',
      `${at}metadata:`,
      `${at}metadata: {}`,
      `${at}metadata: {} # c`,
      `${at}metadata: null`,
      `${at}metadata: ~ # c`,
    ),
    some('', ' {}', ' { }', ' null', ' ~', ' # c', '  null  # c', ' {} # c').map(
      (value) => `${at}metadata:\n${inner}annotations:${value}\n${inner}labels: {a: b}`,
    ),
    some('', '\n# c', `\n${inner}# c`).map((tail) => `${at}metadata:\n${inner}labels: {a: "0755"} # l${tail}`),
    fc
      .tuple(
        spelled(column + 4),
        some('', `${deepest}mode: 0o7\n`),
        some('', `\n${deepest}z: 'yes' # z`, `\n\n${deepest}# c`),
        fc.boolean(),
      )
      .map(([value, first, last, quoted]) => {
        const key = quoted ? `"${NETWORKS}"` : NETWORKS;
        return `${at}metadata:\n${inner}annotations:\n${first}${deepest}${key}:${value}${last}`;
      }),
    fc
      .tuple(
        fc.oneof(
          short.filter((text) => !text.includes(',') && !text.includes('\n')),
          fc.oneof(short, json).map((text) => JSON.stringify(text)),
        ),
        some('', 'a: b, '),
        some('', ', z: 1', ','),
      )
      .map(([value, first, last]) => `${at}metadata:\n${inner}annotations: {${first}${NETWORKS}: ${value}${last}} # c`),
    fc.oneof(short, json).map((text) => `${at}metadata: {annotations: {"${NETWORKS}": ${JSON.stringify(text)}}}`),
    some('a: b', 'a: |-\n        text').map((text) => `${at}metadata:\n${inner}annotations:\n${deepest}${text}`),
  );
};

interface Parts {
  readonly head: string;
  readonly metadata: string;
  readonly tail: string;
}

const HEAD =
  '# before\napiVersion: apps/v1\nkind: Deployment # k\nmetadata:\n  name: w\n  namespace: apps\n  annotations: {x: "0755"}\nspec:\n  replicas: 0x1\n  template:\n';
const TAIL = '    spec: # s\n      on: "yes"\n      mode:   0755\n      list: [ a,b ]\n';

const inBlock: fc.Arbitrary<Parts> = fc
  .tuple(blockMetadata(4), fc.boolean(), fc.boolean(), fc.boolean())
  .map(([metadata, isLast, isCRLF, isCut]) => {
    const lines = metadata === '' ? '' : `${metadata}\n`;
    const parts =
      isLast && metadata !== ''
        ? { head: HEAD + TAIL, metadata: lines, tail: '' }
        : { head: HEAD, metadata: lines, tail: TAIL };
    const cut = isCut
      ? { ...parts, ...(parts.tail === '' ? { metadata: parts.metadata.slice(0, -1) } : { tail: TAIL.slice(0, -1) }) }
      : parts;
    if (!isCRLF) return cut;
    const crlf = (text: string) => text.replaceAll('\n', '\r\n');
    return { head: crlf(cut.head), metadata: crlf(cut.metadata), tail: crlf(cut.tail) };
  });

const inJson: fc.Arbitrary<Parts> = fc
  .tuple(
    fc.oneof(
      some(
        undefined,
        null,
        {},
        { annotations: {} },
        { annotations: null },
        { labels: {} },
        { annotations: { [NETWORKS]: '' } },
      ),
      fc.oneof(short, json).map((text) => ({ annotations: { [NETWORKS]: text } })),
      fc.oneof(short, json).map((text) => ({ annotations: { a: 'b', [NETWORKS]: text, z: '1' } })),
    ),
    some<string | number | undefined>(undefined, 2, '\t'),
  )
  .map(([metadata, indent]) => ({
    head: '',
    metadata: JSON.stringify(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'w', namespace: 'apps' },
        spec: { template: { metadata, spec: { n: 1 } } },
      },
      undefined,
      indent,
    ),
    tail: '',
  }));

function run(text: string, plans: readonly NetworkPlan[]) {
  const { input } = read(text);
  const { edited, problems } = joinClients(input, plans);
  return { text: [...edited.values()][0] ?? text, errors: problems.filter(({ severity }) => severity === 'error') };
}

interface Pod {
  spec: { template: { metadata?: { annotations?: Record<string, unknown> | null } | null } };
}

/** The object without the annotations of its pods, and those of them that are not ours. */
function foreign(text: string) {
  const value = structuredClone(parse(text).value) as Pod;
  const { metadata } = value.spec.template;
  const { [NETWORKS]: networks, ...annotations } = metadata?.annotations ?? {};
  delete annotations['gatewaynetwork.dev/client-of'];
  delete annotations['gatewaynetwork.dev/client-before'];
  const { annotations: _, ...rest } = metadata ?? {};
  return {
    rest: { ...value, spec: { ...value.spec, template: { ...value.spec.template, metadata: rest } } },
    annotations,
    networks: typeof networks === 'string' ? networks : '',
  };
}

test('a client joins beside its own networks, stays, moves, and leaves as it came', () => {
  let joinedAny = 0;
  fc.assert(
    fc.property(
      fc.oneof({ weight: 4, arbitrary: inBlock }, { weight: 1, arbitrary: inJson }),
      ({ head, metadata, tail }) => {
        const text = head + metadata + tail;
        // The header of an empty block, and then no line end: its line end stays.
        fc.pre(!text.endsWith('|-') && parse(text).failure === undefined);
        const before = foreign(text);
        const own = parseNetworks(before.networks);
        fc.pre(own !== undefined);

        const joined = run(text, [VPN]);
        expect(joined.errors).toEqual([]);
        joinedAny += 1;
        // Nothing but the pod's metadata is touched.
        expect(joined.text.startsWith(head)).toBe(true);
        if (metadata === '') expect(joined.text.startsWith(text)).toBe(true);
        else expect(joined.text.endsWith(tail)).toBe(true);
        const after = foreign(joined.text);
        expect([after.rest, after.annotations]).toEqual([before.rest, before.annotations]);
        // Our entry is the last, the others are what they were, and it shares no interface.
        const now = parseNetworks(after.networks) ?? [];
        expect(now.slice(0, -1)).toEqual(own);
        expect(now.at(-1)).toMatchObject({ name: 'vpn', namespace: 'egress' });
        expect(interfacesOf(own ?? [])).not.toContain(interfacesOf(now).at(-1));

        expect(run(joined.text, [VPN]).text).toBe(joined.text);
        expect(run(joined.text, NOBODY).text).toBe(text);
        expect(run(joined.text, [SCAN, NOBODY[0] as NetworkPlan]).text).toBe(run(text, [SCAN]).text);
      },
    ),
    { numRuns: 800 },
  );
  expect(joinedAny).toBeGreaterThan(600);
}, 120_000);
