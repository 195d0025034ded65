// The grammar of names that Kubernetes checks when an object is created ("Object Names and IDs",
// "Labels and Selectors").

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Whether a text is a DNS label (RFC 1123): what a namespace is named by. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && LABEL.test(text);
}

/** Whether a text is a DNS subdomain (RFC 1123): what most objects are named by. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && text.split('.').every((part) => LABEL.test(part));
}

/** Whether a text is a qualified name: the key of a label, a taint or a resource. */
export function isQualifiedName(text: string): boolean {
  const [name = '', prefix, ...more] = text.split('/').toReversed();
  return more.length === 0 && (prefix === undefined || isDnsSubdomain(prefix)) && name.length <= 63 && NAME.test(name);
}

/** Whether a text is the value of a label; it may be empty. */
export function isLabelValue(text: string): boolean {
  return text === '' || (text.length <= 63 && NAME.test(text));
}

/** What is allowed where {@link isQualifiedName} fails, after "must". */
export const QUALIFIED_NAME =
  'be at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, after an optional "domain/"';
/** What is allowed where {@link isLabelValue} fails, after "must". */
export const LABEL_VALUE =
  'be empty or at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends';
/** What is allowed where {@link isDnsLabel} fails, after "must". */
export const DNS_LABEL =
  'be a DNS label (at most 63 lower case letters, digits and "-", with a letter or digit at both ends)';
/** What is allowed where {@link isDnsSubdomain} fails, after "must". */
export const DNS_SUBDOMAIN =
  'be a DNS subdomain (at most 253 lower case letters, digits, "-" and ".", with a letter or digit at both ends of each part)';
