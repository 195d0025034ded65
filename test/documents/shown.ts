/** What a page shows of what a program prints: a line of three dots stands for any lines. */
export function shown(text: string): RegExp {
  const parts = text.split(/^ *\.\.\.\n/m).map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('(?:.*\n)*?')}$`);
}
