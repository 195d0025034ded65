import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Service } from '@kubernetes/client-node';
import type { ClusterClient } from '../cluster/cluster-client.ts';
import { type Check, judged, notTested } from './check.ts';
import { ask, type TestClient } from './client.ts';
import { PORT } from './manifests.ts';
import type { Subject } from './subject.ts';

/** A plain question to a server of HTTPS, which it answers with an error. */
const QUESTION = 'GET / HTTP/1.0\r\n\r\n';

/** How long nodes may take to follow a Service or a NetworkPolicy that is new, in milliseconds. */
const SETTLED = 15_000;
const AGAIN = 1000;

/** Whether names of the cluster are resolved, as programs do it. */
export async function checkNames(clients: readonly TestClient[], { resolver, gateways }: Subject): Promise<Check> {
  const name = 'kubernetes.default';
  const wrong = await each(clients, async (client) => {
    const { status, stderr } = await client.run(['getent', 'ahosts', name], '', 40);
    if (status === 0) return [];
    return [`the name ${name} is not resolved on ${client.node}${stderr.trim() && `: ${stderr.trim()}`}`];
  });
  const by = resolver
    ? `by the name server of the gateway (${gateways.join(', ')})`
    : 'by the name server of the cluster';
  return judged('dns', wrong, by);
}

/** Whether the API server and the test's own Service answer at the addresses of their Services. */
export async function checkServices(
  cluster: ClusterClient,
  clients: readonly TestClient[],
  service: V1Service,
): Promise<Check> {
  const api = await cluster.read<V1Service>('/api/v1/namespaces/default/services/kubernetes');
  const { clusterIP = '', ports } = api?.spec ?? {};
  const questions = [
    { host: clusterIP, port: ports?.[0]?.port ?? 443, question: QUESTION },
    ...(service.spec?.clusterIPs ?? []).map((host) => ({ host, port: PORT })),
  ];
  const wrong = await settled(async () => asked(clients, questions, () => true));
  return judged('services', wrong, `that of the API server (${clusterIP}), and one of this test`);
}

/** Whether another pod is reached, and sees the address that the pod has on the primary network. */
export async function checkPods(clients: readonly TestClient[]): Promise<Check> {
  const wrong = await each(clients, async (client) =>
    asked(
      [client],
      Object.values(client.place.pod).map((host) => ({ host, port: PORT })),
      (answer) => Object.values(client.place.own).includes(answer.trim()),
    ),
  );
  return judged('pods', wrong, 'traffic of the cluster is not translated');
}

/** Whether the primary network enforces NetworkPolicies: a pod that one closes must not answer. */
export async function checkPolicies(clients: readonly TestClient[], closed: readonly string[]): Promise<Check> {
  if (closed.length === 0) return notTested('policies', 'the network has none');
  const open = await settled(async () =>
    each(clients, async (client) => {
      const replies = await ask(
        client,
        closed.map((host) => ({ host, port: PORT })),
      );
      return replies.some((reply) => 'answer' in reply) ? [client.node] : [];
    }),
  );
  const wrong = open.length > 0 ? [`a pod that is closed by one is reached on ${open.join(', ')}`] : [];
  return judged('policies', wrong, 'a pod that is closed by one is not reached');
}

/** What is still wrong when nodes have had their time; nothing as soon as nothing is. */
async function settled(look: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const end = Date.now() + SETTLED;
  for (;;) {
    const wrong = await look();
    if (wrong.length === 0 || Date.now() >= end) return wrong;
    await sleep(AGAIN);
  }
}

async function asked(
  clients: readonly TestClient[],
  questions: readonly { readonly host: string; readonly port: number; readonly question?: string }[],
  isRight: (answer: string) => boolean,
): Promise<readonly string[]> {
  return each(clients, async (client) => {
    const replies = await ask(client, questions);
    return replies.flatMap((reply, index) => {
      const to = `${questions[index]?.host} port ${questions[index]?.port}`;
      if ('error' in reply) return [`${to} does not answer on ${client.node}: ${reply.error}`];
      if (reply.answer === '') return [`${to} does not answer on ${client.node}: no answer in time`];
      return isRight(reply.answer) ? [] : [`${to} sees ${reply.answer.trim()} instead of the pod on ${client.node}`];
    });
  });
}

/** The bytes of an IP header and an ICMP header. */
const overhead = (address: string) => (address.includes(':') ? 48 : 28);

async function ping(client: TestClient, address: string, size: number): Promise<boolean> {
  const options = ['-n', '-q', '-c', '3', '-i', '0.2', '-W', '2', '-M', 'do', '-s', String(size)];
  return (await client.run(['ping', ...options, address], '', 20)).status === 0;
}

/** Whether the gateway answers each client, with small packets and with the largest. */
export async function checkGateway(clients: readonly TestClient[], { gateways }: Subject): Promise<readonly Check[]> {
  const deaf = await each(clients, async (client) => unanswered(client, gateways, () => 8));
  const small = judged('gateway', deaf, `${gateways.join(', ')}, on ${nodesOf(clients)}`);
  if (deaf.length > 0) return [small, notTested('packet-size', 'the gateway does not answer')];
  const lost = await each(clients, async (client) => unanswered(client, gateways, (to) => client.mtu - overhead(to)));
  const sizes = [...new Set(clients.map(({ mtu }) => mtu))].join(' and ');
  return [small, judged('packet-size', lost, `${sizes} bytes`)];
}

async function unanswered(
  client: TestClient,
  addresses: readonly string[],
  sizeOf: (address: string) => number,
): Promise<readonly string[]> {
  const lines = addresses.map(async (address) => {
    const size = sizeOf(address);
    if (await ping(client, address, size)) return [];
    return [`${address} does not answer packets of ${size + overhead(address)} bytes from ${client.node}`];
  });
  return (await Promise.all(lines)).flat();
}

/** Whether each client reaches each other over the network, with the largest packets. */
export async function checkNodes(clients: readonly TestClient[], { isolated }: Subject): Promise<Check> {
  if (isolated) return notTested('nodes', 'spec.clientIsolation keeps clients apart');
  if (clients.length < 2) return notTested('nodes', 'there are no two nodes with a client of this test');
  const wrong = await each(clients, async (client) => {
    const others = clients.filter((other) => other !== client).flatMap(({ addresses }) => addresses);
    return unanswered(client, others, (to) => client.mtu - overhead(to));
  });
  return judged('nodes', wrong, `${nodesOf(clients)}, each with each`);
}

export function nodesOf(clients: readonly TestClient[]): string {
  return clients.map(({ node }) => node).join(', ');
}

async function each(
  clients: readonly TestClient[],
  check: (client: TestClient) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  return (await Promise.all(clients.map(check))).flat();
}
