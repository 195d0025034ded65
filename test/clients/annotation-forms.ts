import fc from 'fast-check';

export const NETWORKS = 'k8s.v1.cni.cncf.io/networks';

/** One of some values. */
export const some = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const entry = fc.record({
  name: some('a', 'storage', 'macvlan-conf.1'),
  namespace: some(undefined, 'apps', 'other'),
  interface: some(undefined, undefined, 'net1', 'net2', 'net3', 'eth1'),
});
const entries = fc.array(entry, { minLength: 1, maxLength: 4 });

/** An annotation in the short form, on one line or on several. */
export const short = fc
  .tuple(entries, some(',', ', ', ' , ', ',\n', ' ,\n'))
  .map(([list, separator]) =>
    list
      .map((one) => (one.namespace ? `${one.namespace}/` : '') + one.name + (one.interface ? `@${one.interface}` : ''))
      .join(separator),
  );
export const json = fc
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
export const blockMetadata = (column: number): fc.Arbitrary<string> => {
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
