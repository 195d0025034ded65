import { expect, test } from 'vitest';
import { visible } from '../../fn/files/visible.ts';

test.each([
  ['plain text, "quoted"', 'plain text, "quoted"'],
  ['two\n\tlines\r\nand more\n', 'two\n\tlines\r\nand more\n'],
  ['\u001b[31mred\u001b[0m', String.raw`\u001b[31mred\u001b[0m`],
  ['over\rwritten', String.raw`over\u000dwritten`],
  ['\u0000\u0007\u007f\u009b', String.raw`\u0000\u0007\u007f\u009b`],
  ['Grüße, 網路', 'Grüße, 網路'],
])('%j is printed as %j', (text, expected) => expect(visible(text)).toBe(expected));
