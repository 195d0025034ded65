/**
 * Characters that go-yaml, and so Kubernetes and its tools, read as line ends. In YAML 1.2, and for
 * this program, they are ordinary characters.
 */
const HIDDEN_LINE_END = /[\u0085\u2028\u2029]|\r(?!\n)/;

/**
 * Why a text is refused; undefined if it is not. A line end that only some YAML readers see would
 * give those readers other lines than we check.
 */
export function hiddenLineEnd(text: string): string | undefined {
  const [end] = HIDDEN_LINE_END.exec(text) ?? [];
  if (end === undefined) return undefined;
  const code = end.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `must not hold the character U+${code}, which ends a line for some readers of YAML and not for others: lines end with U+000A, and in double quotes it can be written as "\\u${code}"`;
}
