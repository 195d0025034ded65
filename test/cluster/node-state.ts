import type { Cluster } from './cluster.ts';
import type { Node } from './node.ts';

/** What an installation may leave behind, by kind, in the words of the tools that list it. */
export type State = Readonly<Record<string, readonly string[]>>;

/**
 * What there is of packet filters, links, routes and files of CNI plugins; of the primary network's files only how
 * many.
 */
const LISTS: Readonly<Record<string, string>> = {
  links: 'ip -o link | cut -d: -f2 | cut -d@ -f1',
  'nft tables': 'nft list tables',
  'iptables rules': '(iptables-save; ip6tables-save) | grep ^- | grep -v kube-system',
  'legacy iptables rules': 'iptables-legacy-save 2>/dev/null | grep ^- | grep -v kube-system; true',
  routes: 'ip route show table all; ip -6 route show table all; ip rule; ip -6 rule',
  files: 'find /var/lib/cni /etc/cni /run/netns ! -type d ! -path "/var/lib/cni/networks/*" 2>/dev/null; true',
  'other settings of the kernel': 'sysctl -a 2>/dev/null | grep ^net | grep -v conntrack_count',
};

export async function stateOf(node: Node): Promise<State> {
  const lists = Object.entries(LISTS).map(async ([kind, command]) => [
    kind,
    (await node.call(['sh', '-c', command])).split('\n').filter(Boolean).toSorted(),
  ]);
  return Object.fromEntries(await Promise.all(lists)) as State;
}

/**
 * The addresses that whereabouts has given away: of each its place in the pool, and that it is reserved in all of them.
 */
export async function allocations({ kubectl }: Cluster): Promise<readonly string[]> {
  const list = async (kind: string, path: string) => kubectl(['get', kind, '-A', '-o', `jsonpath=${path}`]);
  const pools = await list('ippools', '{range .items[*]}{.spec.range} {.spec.allocations}{"\\n"}{end}');
  const reservations = await list('overlappingrangeipreservations', '{range .items[*]}{.metadata.name}{"\\n"}{end}');
  return `${pools}${reservations}`.split('\n').filter((line) => !/^(\S+ (\{\})?)?$/.test(line));
}
