const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The value of each digit, by its code; none is that of no digit. */
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit.charCodeAt(0), value]));

/** The bytes that a text in base64 (RFC 4648, section 4) stands for, each as a character. QuickJS has no `atob`. */
export function decodeBase64(text: string): string {
  const bytes: number[] = [];
  let [bits, count] = [0, 0];
  for (let index = 0; index < text.length; index += 1) {
    const value = VALUES.get(text.charCodeAt(index));
    if (value === undefined) continue;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return textOf(bytes);
}

/** As many as a function takes arguments everywhere. */
const MOST = 4096;

function textOf(bytes: readonly number[]): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += MOST) {
    text += String.fromCharCode(...bytes.slice(index, index + MOST));
  }
  return text;
}
