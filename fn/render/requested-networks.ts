import type { V1Variable } from '@kubernetes/client-node';
import { NETWORKS_ANNOTATION } from '../marks.ts';

/**
 * What a pod asks Multus for, in CEL, which has no JSON parser. The text of a JSON list is split by regular expressions
 * (RE2) into its objects and their members.
 */

/** A string of JSON (RFC 8259). */
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
/** A part of a value that is in no brackets. */
const FLAT = String.raw`${STRING}|[^"{}\[\]]`;

/** A value in brackets, with further brackets in it down to a depth; RE2 has no recursion. */
function bracketed(depth: number): string {
  return String.raw`[{\[](?:${within(depth)})*[}\]]`;
}

function within(depth: number): string {
  return depth === 0 ? FLAT : `${FLAT}|${bracketed(depth - 1)}`;
}

/** Brackets in the members of an entry: `cni-args` is free, all others of Multus need two. */
const DEPTH = 3;
const ENTRY = String.raw`\{(?:${within(DEPTH)})*\}`;
const MEMBER = String.raw`${STRING}:(?:${STRING}|[^",{}\[\]]+|${bracketed(DEPTH - 1)})`;

/**
 * The annotation of a pod, without white space around it; empty where it has none. `pod` is `object` or `oldObject`.
 */
export function annotationOf(pod: string, key = NETWORKS_ANNOTATION): string {
  return `${pod}.metadata.?annotations[?"${key}"].orValue("").trim()`;
}

/**
 * The value of a member, of entries as lists of members; empty where it is no string, and no name where it is doubled.
 */
function valueOf(name: string): string {
  return `e.filter(m, m.startsWith('"${name}":"')).map(m, m.split('"')[3]).join("")`;
}

/**
 * The entries of an annotation that is a list, as `namespace/name@interface`; without a namespace as `/name@interface`.
 */
export function requestsOf(entries: string): string {
  return `${entries}.map(e,
  ${valueOf('namespace')} + "/" +
  ${valueOf('name')} + "@" +
  ${valueOf('interface')})`;
}

/** The same requests as `namespace/name`. */
export function referencesOf(requests: string): string {
  return `${requests}.map(r, r.split("@")[0]).map(r,\n  r.matches("^[^/]+/") ? r : request.namespace + "/" + r.replace("/", ""))`;
}

/** The variables of a policy for pods. */
export const VARIABLES: readonly V1Variable[] = [
  { name: 'networks', expression: annotationOf('object') },
  // Multus reads a value with one of these characters as JSON (parsePodNetworkAnnotation).
  { name: 'isList', expression: String.raw`variables.networks.matches(r'[\[{"]')` },
  // Without the white space between the parts.
  { name: 'list', expression: String.raw`variables.networks.findAll(r'${STRING}|[^"\s]+').join("")` },
  {
    name: 'entries',
    expression: `variables.list.findAll(r'${ENTRY}').map(e, e.substring(1).findAll(r'${MEMBER}'))`,
  },
  {
    name: 'requests',
    expression: `variables.networks == "" ? [] : !variables.isList ? variables.networks.split(",").map(n, n.trim()) :\n${requestsOf('variables.entries')}`,
  },
  { name: 'references', expression: referencesOf('variables.requests') },
];
