import { FIELDS } from './generated/fields.ts';

/** What others call a field of ours, in lower case. */
export const SYNONYMS: Readonly<Record<string, string>> = {
  cidr: 'spec.subnets',
  cidrs: 'spec.subnets',
  network: 'spec.subnets',
  subnet: 'spec.subnets',
  gatewayip: 'spec.gatewayAddresses',
  exclude: 'spec.reserved',
  isolation: 'spec.clientIsolation',
  vnid: 'spec.overlay.vni',
  vxlanid: 'spec.overlay.vni',
  vxlan: 'spec.overlay',
  dstport: 'spec.overlay.port',
  device: 'spec.overlay.underlay.interface',
  underlaymtu: 'spec.overlay.underlay.mtu',
  remotes: 'spec.overlay.flooding.unicast.peers',
  nodeselector: 'spec.nodes.selector',
  podselector: 'spec.clients[].selector',
  image: 'spec.images.node',
  imagepullsecrets: 'spec.images.pullSecrets',
};

/**
 * The fields that may be meant by one which the schema does not know: a similar sibling by its name alone, fields of that name
 * elsewhere and known synonyms by their paths.
 *
 * @param parent where the field is, as a path of {@link FIELDS}; empty for the root
 */
export function meantFields(parent: string, name: string): readonly string[] {
  const sibling = closest(name, namesBelow(parent));
  if (sibling !== undefined) return [sibling];
  const elsewhere = Object.keys(FIELDS).filter((path) => path.toLowerCase().endsWith(`.${name.toLowerCase()}`));
  if (elsewhere.length > 0) return elsewhere.length <= 3 ? elsewhere : [];
  const synonym = SYNONYMS[name.toLowerCase()];
  return synonym === undefined ? [] : [synonym];
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
