import fc from 'fast-check';

/** One damage to a text. */
export type Mutation = readonly [kind: number, at: number, length: number, character: string];

const CHARACTERS = [
  ...'\n\r\t #:-?,[]{}&*!|>\'"%@`\\<=.0aé\0\uFEFF\u2028'.split(''),
  '\ud800',
  '\n---\n',
  '\n- ',
  '*x ',
  '&x ',
  '<<: *x\n',
];

export const mutation: fc.Arbitrary<Mutation> = fc.tuple(
  fc.nat(4),
  fc.nat(1000),
  fc.nat(12),
  fc.constantFrom(...CHARACTERS),
);

/** The text with the damage done; `at` is in thousandths of the text or of its lines. */
export function mutate(text: string, [kind, at, length, character]: Mutation): string {
  const offset = Math.floor((text.length * at) / 1000);
  const lines = text.split('\n');
  const line = Math.floor((lines.length * at) / 1000);
  if (kind === 0) return text.slice(0, offset) + character + text.slice(offset + 1);
  if (kind === 1) return text.slice(0, offset) + character + text.slice(offset);
  if (kind === 2) return text.slice(0, offset) + text.slice(offset + length);
  if (kind === 3) return lines.toSpliced(line, 1).join('\n');
  return lines.toSpliced(line, 0, ...lines.slice(line, line + length)).join('\n');
}
