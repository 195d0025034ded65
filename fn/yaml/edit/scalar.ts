/** How a string is written. `Plain` and `Single` become double quotes if the string does not allow them. */
export type Quoting = 'Plain' | 'Single' | 'Double';

/**
 * Strings that need no escapes in quotes: printable, and without a line break for any YAML reader
 * (YAML 1.2.2, section 5.1).
 */
const PRINTABLE = /^[\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\ufffd]*$/;
const PRINTABLE_LINES = /^[\t\n\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\ufffd]*$/;
const UNPRINTABLE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * Plain scalars: they do not begin with an indicator, and contain neither `: ` nor ` #`. Stricter
 * than YAML 1.2.2, section 7.3.3, on purpose.
 */
const PLAIN = /^[\w./+(][\x20-\x7e]*$/;
const NOT_PLAIN = /: |[: ]$| #|^\.\.\./;
const PLAIN_IN_FLOW = /^[\w./+][\w./+@ -]*$/;

/**
 * What YAML 1.1 reads as another type than a string (type repository: bool, null, int, float,
 * timestamp), and numbers with the prefixes that Go's parser accepts.
 */
const MISREAD = [
  /^(?:y|n|yes|no|on|off|true|false|null|~|=|<<|)$/i,
  /^[-+]?0[xob][\da-f_]+$/i,
  /^[-+]?(?:[\d_]*\.)?[\d_]+\.?(?:e[-+]?[\d_]+)?$/i,
  /^[-+]?[\d_]+(?::[\d_]+)+(?:\.[\d_]*)?$/,
  /^[-+]?\.(?:inf|nan)$/i,
  /^\d{4}-\d\d?-\d\d?(?:$|[Tt\s])/,
];

/** What most strings are, so that they are looked at once: too long for a word that is misread, and unlike a number. */
const CERTAINLY_PLAIN = /^[A-Za-z][\w./-]{5,}$/;

/**
 * A string as a YAML scalar on one line. YAML 1.1 and 1.2 read the same value; in double quotes it
 * is JSON as well.
 */
export function scalar(value: string, quoting: Quoting = 'Plain', inFlow = false): string {
  if (quoting === 'Single' && PRINTABLE.test(value) && value.isWellFormed()) return `'${value.replaceAll("'", "''")}'`;
  if (quoting === 'Plain' && isPlain(value, inFlow)) return value;
  return readable(JSON.stringify(value));
}

/** JSON that YAML readers read with the same value. Some of them take U+0085 for a line end, for example. */
export function readable(json: string): string {
  return json.replaceAll(UNPRINTABLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Whether a YAML 1.1 reader, such as the Kubernetes tools, reads the string as another type if it
 * is not quoted.
 */
function isMisread(value: string): boolean {
  return MISREAD.some((pattern) => pattern.test(value));
}

/**
 * Whether a literal block (`|` or `|-`) can represent the string. White space at its start, several
 * line ends at its end, and lines of blanks are not safe there.
 */
export function fitsLiteral(value: string): boolean {
  return (
    value.includes('\n') &&
    !/^\s/.test(value) &&
    !value.endsWith('\n\n') &&
    PRINTABLE_LINES.test(value) &&
    value.isWellFormed() &&
    !/\n[ \t]+(?:\n|$)/.test(value)
  );
}

function isPlain(value: string, inFlow: boolean): boolean {
  if (CERTAINLY_PLAIN.test(value)) return true;
  const shape = inFlow ? PLAIN_IN_FLOW.test(value) : PLAIN.test(value);
  return shape && !NOT_PLAIN.test(value) && !isMisread(value);
}
