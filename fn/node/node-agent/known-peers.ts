import { parseAddress, type Family } from '../../net/address.ts';

/** An address that the peers' name has resolved to. */
export interface KnownPeer {
  readonly address: string;
  /** For how many seconds the answers that are believed have lacked it, counted from the first that did. */
  readonly lacked: number;
}

/** Its file: what outlives a container of the agent. */
export function formatPeers(peers: readonly KnownPeer[]): string {
  return peers.map(({ address, lacked }) => `${address} ${lacked}\n`).join('');
}

export function parsePeers(text: string): readonly KnownPeer[] {
  return text.split('\n').flatMap((line) => {
    const [, address, lacked] = /^(\S+) (\d+)$/.exec(line) ?? [];
    return address === undefined ? [] : [{ address, lacked: Number(lacked) }];
  });
}

/** Those of a family, each once. Link-local addresses (with %) are of no use. */
export function ofFamily(addresses: readonly string[], family: Family): readonly string[] {
  return [...new Set(addresses)].filter((address) => parseAddress(address)?.family === family);
}

/** The addresses in what `getent ahosts` prints, in its order: a line for each, and for each type of socket. */
export function resolved(text: string): ReadonlySet<string> {
  const lines = text.split('\n').filter((line) => line.includes(' STREAM'));
  return new Set(lines.map((line) => line.slice(0, line.indexOf(' '))));
}

/** Whether an answer is all that is known, in whatever order, and nothing of it was lacking. */
export function isSettled(known: readonly KnownPeer[], answer: ReadonlySet<string>, own: readonly string[]): boolean {
  return (
    known.length === answer.size &&
    known.every(({ address, lacked }) => lacked === 0 && answer.has(address)) &&
    own.some((address) => answer.has(address))
  );
}

/** What an answer tells. One without an address of this node is none: a partial one, or one of somebody else's. */
export type Lesson =
  | { readonly type: 'Believed'; readonly peers: readonly KnownPeer[] }
  | { readonly type: 'Foreign'; readonly addresses: readonly string[] }
  | { readonly type: 'Nothing' };

/**
 * Learns from an answer. Those known before keep their order. A peer goes only when it was lacking for a while: its
 * agent may only be restarting, and a name server may keep an answer that lacks it.
 *
 * @param own of which an answer must hold one
 * @param since seconds since the answer before
 * @param grace in seconds
 */
export function learn(
  known: readonly KnownPeer[],
  answer: readonly string[],
  { own, since, grace }: { readonly own: readonly string[]; readonly since: number; readonly grace: number },
): Lesson {
  if (answer.length === 0) return { type: 'Nothing' };
  if (!answer.some((address) => own.includes(address))) return { type: 'Foreign', addresses: answer.slice(0, 3) };
  const [fresh, before] = [new Set(answer), new Set(known.map(({ address }) => address))];
  const kept = known.flatMap(({ address, lacked }) => {
    if (fresh.has(address)) return [{ address, lacked: 0 }];
    const total = lacked === 0 ? 1 : lacked + since;
    return total < grace ? [{ address, lacked: total }] : [];
  });
  const added = answer.filter((address) => !before.has(address)).map((address) => ({ address, lacked: 0 }));
  return { type: 'Believed', peers: [...kept, ...added] };
}

/**
 * The name with a dot at its end, so that no search list is used: a wildcard in a domain of the node's would answer
 * while the name is not there. The list is read all the same, for the cluster's domain: kubelet puts that of the pod's
 * namespace first.
 */
export function qualify(service: string, resolvConf: string): string {
  const domains = resolvConf.split('\n').flatMap((line) => {
    const [key, first = ''] = line.split(/\s+/);
    const domain = first.replace(/\.$/, '');
    return key === 'search' && /.\.svc\../.test(domain) ? [domain] : [];
  });
  const domain = domains.at(-1);
  return domain === undefined ? service : `${service.split('.')[0]}.${domain}.`;
}
