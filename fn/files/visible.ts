/**
 * Text without control characters, which are written as in JSON (`\u001b`): names of files and words of others could
 * move the cursor of a terminal, or colour what is printed. Tabs and the ends of lines stay.
 */
export function visible(text: string): string {
  return text.replaceAll(/(?![\t\n]|\r\n)\p{Cc}/gu, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
