/** Ways to write YAML: pieces that are put together at random, by a generator that gives the same texts each time. */

const PIECES = [
  [
    'a',
    'b',
    'key',
    'x y',
    '1',
    '0755',
    '0o7',
    '089',
    '0x1F',
    '-0b11',
    '1_000',
    '+1',
    '1.5',
    '.5',
    '1e3',
    '-.inf',
    '.nan',
  ],
  [
    'yes',
    'n',
    'On',
    'true',
    '~',
    'null',
    '2001-01-01',
    '12:30',
    '18446744073709551616',
    'http://x:80/',
    'a:b',
    'a#b',
    'é',
    '😀',
  ],
  ['"q"', "'s'", "'it''s'", '"a\\n"', '"a\n b"', "'l\nm'", '"\\x41"', '"\\u00e9"', '"\\/"', '"\\\n  z"', '"\n\n  z"'],
  [
    ': ',
    ':',
    ':\t',
    '- ',
    '-',
    '? ',
    '?',
    ', ',
    ',',
    '{',
    '}',
    '[',
    ']',
    '{a: b}',
    '[a, b]',
    '[\na\n]',
    '{"a":1}',
    '[\ta,\n\tb]',
  ],
  [
    '# c',
    ' #c',
    '#',
    '&a ',
    '*a',
    '&b ',
    '*b',
    '!!str ',
    '!x ',
    '!!int ',
    '! ',
    '!!null ',
    '<<: *a',
    '<<',
    '%',
    '@',
    '`',
    '=',
    '<',
  ],
  ['|', '>', '|-', '|+', '>-', '>+', '|2', '>1-', '|\n  t\n', '>\n  t\n  u\n\n   v\n', '|+\n  t\n\n', '|-\n  t'],
  [
    '\n',
    '\n',
    '\n',
    '\n  ',
    '\n  ',
    '\n    ',
    '\n ',
    '\t',
    '\n\t',
    ' ',
    '  ',
    '\r\n',
    '\r',
    '\u2028',
    '\u0085',
    '\uFEFF',
  ],
  ['\n- ', '\n  - ', '\n? ', '\n: ', 'k: v\n', '- x\n', 'k: |\n  t\n', 'k: {a: b}\n', '\\', '"', "'", '---', '...'],
].flat();

/** Texts that are laid out as people and programs lay manifests out, which the pieces are put into. */
const FORMS = [
  'a: 1\nb:\n  c: [1, 2]\n  d: {e: f}\n',
  'list:\n- a: b\n  c: d\n- e\n-\n  f: g\nend: yes\n',
  'list:\n  - - 1\n    - 2\n  - |\n    text\n  - >-\n    folded\n    text\n',
  'x: \'{\n  "type": "macvlan"\n}\'\ny: "first\nsecond"\n',
  'x: [\n  a,\n  b\n]\ny: {\n  a: b,\n}\n',
  'base: &base\n  a: 1\n  b: 2\nother:\n  <<: *base\n  b: 3\nboth: {<<: [*base, {c: 1}], d: *base}\n',
  '? a\n: b\n? |\n  k\n: - v\n',
  'a: !!str 12\nb: !!int "3"\nc: !!binary aGVsbG8=\nd: !!float 3\ne: ! x\n',
  'a: |2\n   x\n  y\nb: |+\n  z\n\nc: >\n\n  f\n   g\n\n  h\n',
  '# c\r\na: b # c\r\nc: |\r\n  d\r\n  e\r\n',
  '"quoted": \'single\'\n\'other\': "a\\tb\\\n   c"\nplain text: goes\n  on here\n',
  '{"a": {"b": [1, 2.5, null, true, "x\\u0041"]}}',
];

/** Numbers from 0 up to, not including, a bound; the same for the same seed. */
export function numbersOf(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** Texts of one document each: a half of them pieces, the other half forms with up to three pieces put in. */
export function stylesOf(count: number, seed: number): readonly string[] {
  const below = numbersOf(seed);
  const piece = (): string => PIECES[below(PIECES.length)] ?? '';
  return Array.from({ length: count }, (_, index) => {
    if (index % 2 === 0) return Array.from({ length: 1 + below(14) }, piece).join('');
    let text = FORMS[below(FORMS.length)] ?? '';
    for (let left = below(4); left > 0; left -= 1) {
      const at = [...text].slice(0, below(text.length)).join('').length;
      text = text.slice(0, at) + piece() + text.slice(at);
    }
    return text;
  });
}
