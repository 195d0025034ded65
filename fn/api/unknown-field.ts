import { type Field, FIELDS } from './generated/fields.ts';

/** Synonyms of our fields in lower case, and the ends of the paths of the fields that they mean. */
export const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  cidr: ['spec.subnets'],
  cidrs: ['spec.subnets'],
  network: ['spec.subnets'],
  subnet: ['spec.subnets'],
  podcidr: ['spec.cluster.cidrs'],
  podcidrs: ['spec.cluster.cidrs'],
  servicecidr: ['spec.cluster.cidrs'],
  servicecidrs: ['spec.cluster.cidrs'],
  gatewayip: ['spec.gatewayAddresses'],
  gatewayips: ['spec.gatewayAddresses'],
  exclude: ['spec.reserved'],
  isolation: ['spec.clientIsolation'],
  vnid: ['spec.overlay.vni'],
  vxlanid: ['spec.overlay.vni'],
  vxlan: ['spec.overlay'],
  dstport: ['spec.overlay.port'],
  device: ['spec.overlay.underlay.interface'],
  underlaymtu: ['spec.overlay.underlay.mtu'],
  remotes: ['spec.overlay.flooding.unicast.peers'],
  bridgename: ['spec.interfaces.bridge'],
  vxlanname: ['spec.interfaces.vxlan'],
  nodeselector: ['nodes.selector'],
  nodeselectorterms: ['nodes.selector'],
  affinity: ['nodes.selector'],
  nodeaffinity: ['nodes.selector'],
  podselector: ['spec.clients[].selector'],
  namespacelabels: ['spec.clients[].namespaceSelector'],
  labels: ['selector.matchLabels'],
  labelselector: ['selector'],
  nameservers: ['spec.gateway.dns.upstreams'],
  domain: ['spec.gateway.dns.clusterDomain'],
  ports: ['portForwards'],
  secret: ['wireGuard.secretName'],
  secretref: ['wireGuard.secretName'],
  image: ['spec.images.node'],
  nodeimage: ['spec.images.node'],
  imagepullsecrets: ['spec.images.pullSecrets'],
};

/** The extra distance of a field outside the mapping of the unknown field. */
const STEP_OUT = 2;
/** With more suggestions than this, none is shown. */
const MOST = 3;

/** A field that the schema does not know, as it is written. */
export interface UnknownField {
  /** Where the field is, as a path of {@link FIELDS}; empty for the root. */
  readonly parent: string;
  readonly name: string;
  readonly value: unknown;
}

/**
 * The fields that may be meant by an unknown one, by their paths: what holds a value of that kind, under
 * this name in another place or under a similar one here.
 */
export function meantFields({ parent, name, value }: UnknownField): readonly string[] {
  const fits = (path: string) => holds(path, value);
  const similar = closest(name, namesBelow(parent));
  const sibling = similar === undefined ? [] : [below(parent, similar)];
  const synonyms = SYNONYMS[name.toLowerCase()] ?? [];
  const isNamed = (path: string) =>
    [name, ...synonyms].some((end) => endsWith(path, end)) && !isOtherChoice(path, value);
  const isSpelling = similar?.toLowerCase() === name.toLowerCase();
  const ways = [
    ...(isSpelling ? [sibling] : []),
    sibling.filter(fits),
    nearest(parent, (path) => isNamed(path) && fits(path)),
    sibling,
    nearest(parent, isNamed),
    nearest(parent, (path) => fits(path) && closest(name, [lastOf(path)]) !== undefined),
  ];
  return ways.find((paths) => paths.length > 0 && paths.length <= MOST) ?? [];
}

/** The names of the fields directly below one of {@link FIELDS}. */
export function namesBelow(parent: string): readonly string[] {
  const prefix = parent === '' ? '' : `${parent}.`;
  return Object.keys(FIELDS)
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length))
    .filter((rest) => /^\w+$/.test(rest));
}

/** The candidate that a misspelling stands for: at most two letters away, and fewer than half of them. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter((entry) => entry.distance <= 2 && entry.distance * 2 < word.length)
    .toSorted((a, b) => a.distance - b.distance);
  return best?.candidate;
}

function below(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`;
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function endsWith(path: string, end: string): boolean {
  return `.${path}`.toLowerCase().endsWith(`.${end.toLowerCase()}`);
}

/** The fields of a choice that are nearest to a mapping, and those that are hardly further away. */
function nearest(parent: string, isChosen: (path: string) => boolean): readonly string[] {
  const found = Object.keys(FIELDS)
    .filter(isChosen)
    .map((path) => ({ path, way: wayTo(path, parent) }));
  const least = Math.min(...found.map(({ way }) => way));
  return found.filter(({ way }) => way <= least + 1).map(({ path }) => path);
}

/** How far it is from a mapping to a field. */
function wayTo(path: string, parent: string): number {
  const [to, from] = [path.split('.'), parent === '' ? [] : parent.split('.')];
  const different = from.findIndex((step, index) => step !== to[index]);
  const common = different < 0 ? from.length : different;
  return (from.length - common) * STEP_OUT + to.length - common;
}

/** Whether a field is for values of this kind, or for a list of them. */
function holds(path: string, value: unknown): boolean {
  if (isOtherChoice(path, value)) return false;
  const kinds = KINDS[FIELDS[path]?.type ?? 'object'];
  if (value === undefined || value === null || kinds.includes(kindOf(value))) return true;
  return FIELDS[path]?.type === 'array' && !Array.isArray(value) && holds(`${path}[]`, value);
}

/** Whether a field has choices, and a text is none of them. */
function isOtherChoice(path: string, value: unknown): boolean {
  const choices = FIELDS[path]?.enum;
  if (choices === undefined || typeof value !== 'string') return false;
  return !choices.some((choice) => choice.toLowerCase() === value.toLowerCase());
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

const KINDS: Readonly<Record<Field['type'], readonly string[]>> = {
  object: ['object'],
  array: ['array'],
  string: ['string'],
  integer: ['number'],
  quantity: ['string', 'number'],
};

/** How many letters must be inserted, dropped or replaced to turn one word into the other (Levenshtein 1966). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(from).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(to).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
