/** Line ends of go-yaml, which Kubernetes and its tools use; in YAML 1.2 and for us they are ordinary characters. */
const HIDDEN_LINE_END = /[\u0085\u2028\u2029]|\r(?!\n)/;

/** Why a text is not read: it has line ends that only some readers of YAML see, so that these find other lines in it than we check. */
export function hiddenLineEnd(text: string): string | undefined {
  const [end] = HIDDEN_LINE_END.exec(text) ?? [];
  if (end === undefined) return undefined;
  const code = end.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `must not hold the character U+${code}, which ends a line for some readers of YAML and not for others: lines end with U+000A, and in double quotes it can be written as "\\u${code}"`;
}
