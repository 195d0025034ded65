import { attachmentReference } from '../plan/names.ts';
import type { AddressingPlan, NetworkPlan } from '../plan/network-plan.ts';

/** One network that a pod asks Multus for. */
export interface NetworkReference {
  readonly name: string;
  /** Undefined where the reference means the pod's own namespace. */
  readonly namespace: string | undefined;
  /** The name that the pod's interface is given; undefined where Multus numbers it. */
  readonly interface: string | undefined;
}

/** `Short`: `name`, `namespace/name@interface`, …, separated by commas. `JSON`: a list of objects. */
export type Form = 'Short' | 'JSON';

/** An attachment that a pod requests. */
export interface NetworkRequest {
  readonly name: string;
  readonly namespace: string | undefined;
}

/** The parts of `namespace/name@interface`; names are checked by Multus. */
const SHORT = /^(?:([^\s/@,]+)\/)?([^\s/@,]+)(?:@([^\s/@,]+))?$/;

/** Multus reads a value with one of these characters as JSON (parsePodNetworkAnnotation). */
export function formOf(value: string): Form {
  return /[[{"]/.test(value) ? 'JSON' : 'Short';
}

/**
 * The entries of a `k8s.v1.cni.cncf.io/networks` annotation (de-facto standard v1.3, section
 * 4.1.2); none in one of white space.
 * Undefined where Multus could not read it.
 */
export function parseNetworks(value: string): readonly NetworkReference[] | undefined {
  if (value.trim() === '') return [];
  const entries = formOf(value) === 'JSON' ? parseList(value) : value.split(',').map(parseShort);
  return entries?.every((entry) => entry !== undefined) ? entries : undefined;
}

function parseShort(entry: string): NetworkReference | undefined {
  const [, namespace, name, asked] = SHORT.exec(entry.trim()) ?? [];
  return name === undefined ? undefined : { name, namespace, interface: asked };
}

function parseList(value: string): readonly (NetworkReference | undefined)[] | undefined {
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.map(parseEntry) : undefined;
  } catch {
    return undefined;
  }
}

function parseEntry(entry: unknown): NetworkReference | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { name, namespace = '', interface: asked = '' } = entry as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || name === '' || typeof namespace !== 'string' || typeof asked !== 'string')
    return undefined;
  return { name, namespace: namespace === '' ? undefined : namespace, interface: asked === '' ? undefined : asked };
}

/** The pod's interfaces: the requested names, or `net` and the position in the list, from 1 (Multus, getIfname). */
export function interfacesOf(references: readonly Pick<NetworkReference, 'interface'>[]): readonly string[] {
  return references.map((reference, index) => reference.interface ?? `net${index + 1}`);
}

/** The interface that a further entry must request; undefined where the name that Multus would give is free. */
export function freeInterface(references: readonly NetworkReference[]): string | undefined {
  const taken = new Set(interfacesOf(references));
  let number = references.length + 1;
  while (taken.has(`net${number}`)) number += 1;
  return number === references.length + 1 ? undefined : `net${number}`;
}

/** Whether the reference of a pod in `podNamespace` means this attachment. */
export function refersTo(reference: NetworkReference, wanted: NetworkRequest, podNamespace: string): boolean {
  return reference.name === wanted.name && (reference.namespace ?? podNamespace) === (wanted.namespace ?? podNamespace);
}

/** What a pod in `podNamespace` asks for to join a network. */
export function referenceTo(plan: NetworkPlan, addressing: AddressingPlan, podNamespace: string): NetworkRequest {
  const [name, copies] =
    addressing.type === 'Fixed'
      ? [addressing.attachment, addressing.namespaces]
      : [plan.names.clientAttachment, plan.attachmentNamespaces];
  const isLocal = ['', podNamespace].includes(plan.namespace) || copies.includes(podNamespace);
  return { name, namespace: isLocal ? undefined : plan.namespace };
}

/** Appends an entry to an annotation that {@link parseNetworks} can read. The other entries stay as written. */
export function addNetwork(value: string, wanted: NetworkRequest): string {
  const references = parseNetworks(value) ?? [];
  const asked = freeInterface(references);
  if (value.trim() === '') return formatShort(wanted, asked);
  const isList = formOf(value) === 'JSON';
  const end = isList ? value.lastIndexOf(']') : value.length;
  const head = value.slice(0, end).trimEnd();
  const entry = isList ? formatMember(value, wanted, asked) : formatShort(wanted, asked);
  return head + (references.length > 0 ? separatorOf(value, isList) : '') + entry + value.slice(head.length);
}

/** The comma and the white space between entries, as the others have it. */
function separatorOf(value: string, isList: boolean): string {
  if (!isList) return /,\s*/.exec(value)?.[0] ?? ', ';
  return /\},\s*/.exec(value)?.[0].slice(1) ?? `,${/^\s*\[(\s*)/.exec(value)?.[1] || (isCompact(value) ? '' : ' ')}`;
}

/** Removes one entry. The others stay as written, unless the list contains nested lists. */
export function removeNetwork(value: string, index: number): string {
  if (formOf(value) === 'Short') return withoutPart(value, ',', index);
  const rest = (JSON.parse(value) as readonly unknown[]).filter((_, other) => other !== index);
  if (rest.length === 0) return '';
  const [, open = '', members = '', close = ''] = /^(\s*\[\s*)([^]*?)(\s*\]\s*)$/.exec(value) ?? [];
  const shorter = open + withoutPart(members, /(?<=\}\s*),/, index) + close;
  return parsesTo(shorter, rest) ? shorter : JSON.stringify(rest);
}

function parsesTo(text: string, list: readonly unknown[]): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(list);
  } catch {
    return false;
  }
}

/** A text without one of its parts between commas; the white space at its beginning and its end stays. */
function withoutPart(text: string, separator: string | RegExp, index: number): string {
  const [, start = '', content = '', end = ''] = /^(\s*)([^]*?)(\s*)$/.exec(text) ?? [];
  const parts = content.split(separator).filter((_, other) => other !== index);
  return start + parts.join(',').trim() + end;
}

/** An entry in the short form. */
export function formatShort({ name, namespace }: NetworkRequest, asked: string | undefined): string {
  const reference = namespace === undefined ? name : attachmentReference(name, namespace, '');
  return asked === undefined ? reference : `${reference}@${asked}`;
}

/** A member of a JSON list, with spaces where the others have them. */
function formatMember(value: string, { name, namespace }: NetworkRequest, asked: string | undefined): string {
  const [colon, comma] = isCompact(value) ? [':', ','] : [': ', ', '];
  const members = Object.entries({ name, namespace, interface: asked }).filter(([, member]) => member !== undefined);
  return `{${members.map((pair) => pair.map((text) => JSON.stringify(text)).join(colon)).join(comma)}}`;
}

function isCompact(value: string): boolean {
  return /":\S/.test(value);
}
