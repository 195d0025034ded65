/** How a string is spelled; `Plain` and `Single` fall back to double quotes where the string does not allow them. */
export type Quoting = 'Plain' | 'Single' | 'Double';

/** What is left as it is inside quotes: printable, and no line break to any YAML reader (YAML 1.2.2, section 5.1). */
const PRINTABLE = /^[\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\ufffd]*$/;
const PRINTABLE_LINES = /^[\t\n\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\ufffd]*$/;
const UNPRINTABLE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Starts like no other node, and holds neither `: ` nor ` #`. Narrower than YAML 1.2.2, section 7.3.3, on purpose. */
const PLAIN = /^[\w./+(][\x20-\x7e]*$/;
const NOT_PLAIN = /: |[: ]$| #|^\.\.\./;
const PLAIN_IN_FLOW = /^[\w./+][\w./+@ -]*$/;

/** YAML 1.1 type repository (bool, null, int, float, timestamp), and the prefixes that Go's number parser takes. */
const MISREAD = [
  /^(?:y|n|yes|no|on|off|true|false|null|~|=|<<|)$/i,
  /^[-+]?0[xob][\da-f_]+$/i,
  /^[-+]?(?:[\d_]*\.)?[\d_]+\.?(?:e[-+]?[\d_]+)?$/i,
  /^[-+]?[\d_]+(?::[\d_]+)+(?:\.[\d_]*)?$/,
  /^[-+]?\.(?:inf|nan)$/i,
  /^\d{4}-\d\d?-\d\d?(?:$|[Tt\s])/,
];

/** One line of YAML for a string, read the same by YAML 1.1 and 1.2; double-quoted it is JSON as well. */
export function scalar(value: string, quoting: Quoting = 'Plain', inFlow = false): string {
  if (quoting === 'Single' && PRINTABLE.test(value) && value.isWellFormed()) return `'${value.replaceAll("'", "''")}'`;
  if (quoting === 'Plain' && isPlain(value, inFlow)) return value;
  return readable(JSON.stringify(value));
}

/** JSON that means the same to readers of YAML, some of which end lines at U+0085. */
export function readable(json: string): string {
  return json.replaceAll(UNPRINTABLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Whether a YAML 1.1 reader, such as the Kubernetes tools, takes this string for another type when it is not quoted. */
function isMisread(value: string): boolean {
  return MISREAD.some((pattern) => pattern.test(value));
}

/** Whether a literal block (`|` or `|-`) spells this string safely; blank first lines and trailing ones do not. */
export function fitsLiteral(value: string): boolean {
  return (
    value.includes('\n') &&
    !/^\s/.test(value) &&
    !value.endsWith('\n\n') &&
    PRINTABLE_LINES.test(value) &&
    value.isWellFormed() &&
    !/^[ \t]+$/m.test(value)
  );
}

function isPlain(value: string, inFlow: boolean): boolean {
  const shape = inFlow ? PLAIN_IN_FLOW.test(value) : PLAIN.test(value);
  return shape && !NOT_PLAIN.test(value) && !isMisread(value);
}
