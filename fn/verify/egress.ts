import { type Check, judged, notTested } from './check.ts';
import { ask, type TestClient, type TestPod } from './client.ts';
import type { Subject } from './subject.ts';
import { addressIn, type Target } from './target.ts';

/** What a server outside has seen: the addresses of clients, and of nodes, by the names of the nodes. */
export interface Exits {
  readonly clients: ReadonlyMap<string, string>;
  readonly nodes: ReadonlyMap<string, string>;
}

/** Asks the target from each client, and from each node, for comparison. */
export async function checkEgress(
  clients: readonly TestClient[],
  watchers: readonly TestPod[],
  subject: Subject,
  target: Target | undefined,
): Promise<Check> {
  if (target === undefined) {
    return notTested('egress', 'it takes a server outside that tells who asks it; name one with --target');
  }
  const [seen, own] = await Promise.all([exitsOf(clients, target), exitsOf(watchers, target)]);
  const wrong = [...seen.errors, ...strangers({ clients: seen.exits, nodes: own.exits }, subject)];
  return judged('egress', wrong, [...new Set(seen.exits.values())].join(', '));
}

async function exitsOf(pods: readonly TestPod[], { host, port, question }: Target) {
  const errors: string[] = [];
  const exits = new Map<string, string>();
  await Promise.all(
    pods.map(async (pod) => {
      const [reply] = await ask(pod, [{ host, port, question }]);
      const address = reply && 'answer' in reply ? addressIn(reply.answer) : undefined;
      if (address !== undefined) exits.set(pod.node, address);
      else if (reply && 'error' in reply) errors.push(`the target does not answer on ${pod.node}: ${reply.error}`);
      else errors.push(`the target has answered on ${pod.node}, but with no address`);
    }),
  );
  return { exits, errors };
}

/** What is wrong with the addresses that were seen, a sentence each. */
export function strangers(
  { clients, nodes }: Exits,
  { egress, egressAddresses, active }: Pick<Subject, 'egress' | 'egressAddresses' | 'active'>,
): readonly string[] {
  const ofRouter = active && nodes.get(active.node);
  return [...clients].flatMap(([node, address]) => {
    const isV6 = address.includes(':');
    const expected = egressAddresses.filter((one) => one.includes(':') === isV6);
    if (expected.length > 0) {
      if (expected.includes(address)) return [];
      return [`the client on ${node} leaves by ${address}, not by ${expected.join(' or ')}`];
    }
    const bare = nodes.get(node);
    // Of an egress by the cluster, the client on the router's node has no other address than it would have by itself.
    const isBare = address === bare && (egress !== 'ClusterNetwork' || (ofRouter !== undefined && ofRouter !== bare));
    return isBare ? [`the client on ${node} leaves by ${address}, as its node does by itself`] : [];
  });
}
