import type { V1Pod, V1Service } from '@kubernetes/client-node';
import type { ClusterClient, Executed, Place as Container } from '../cluster/cluster-client.ts';
import { FAMILIES, type Family, parseAddress } from '../net/address.ts';
import { CONTAINER, INTERFACE, PORT, PROGRAMS } from './manifests.ts';
import { addressesOf } from './subject.ts';
import type { Place } from './place.ts';

/** A pod of a test, and where it is. */
export interface TestPod {
  readonly id: Container;
  readonly node: string;
  readonly run: (command: readonly string[], input: string, seconds: number) => Promise<Executed>;
}

/** A client, and what is seen in it. */
export interface TestClient extends TestPod {
  /** Of its pods, from 0. */
  readonly index: number;
  readonly place: Place;
  /** Of its interface on the network. */
  readonly addresses: readonly string[];
  readonly mtu: number;
  /** The index of the node's end of `eth0`; nothing where it has none. */
  readonly end: number | undefined;
}

/** A link as `ip -json addr` prints it. */
interface Link {
  readonly ifname: string;
  readonly ifindex: number;
  /** The other end of a veth, in the namespace of `link_netnsid`. */
  readonly link_index?: number;
  readonly link_netnsid?: number;
  readonly mtu: number;
  readonly addr_info: readonly { readonly local?: string; readonly scope: string }[];
}

export function testPod(client: ClusterClient, pod: V1Pod): TestPod {
  const { namespace = '', name = '' } = pod.metadata ?? {};
  const id = { namespace, pod: name, container: CONTAINER };
  return {
    id,
    node: pod.spec?.nodeName ?? '',
    run: async (command, input, seconds) => client.execute(id, command, input, seconds),
  };
}

/** Looks around in a client; `server` is the pod elsewhere, behind `service`. */
export async function testClient(
  cluster: ClusterClient,
  index: number,
  pods: { readonly own: V1Pod; readonly server: V1Pod; readonly service: V1Service; readonly other: V1Pod },
): Promise<TestClient> {
  const pod = testPod(cluster, pods.own);
  const links = linksIn(await pod.run(['ip', '-json', 'addr'], '', 10));
  const [eth0, own] = ['eth0', INTERFACE].map((name) => links.find(({ ifname }) => ifname === name));
  const addresses = globalsOf(own);
  return {
    ...pod,
    index,
    addresses,
    mtu: own?.mtu ?? 0,
    end: eth0?.link_netnsid === undefined ? undefined : eth0.link_index,
    place: {
      index: eth0?.ifindex ?? 0,
      port: PORT,
      own: byFamily(globalsOf(eth0)),
      // A way with the network's source is one with that of eth0 where the network has none.
      network: { ...byFamily(globalsOf(eth0)), ...byFamily(addresses) },
      node: byFamily(hostAddresses(pods.own)),
      otherNode: byFamily(hostAddresses(pods.other)),
      pod: byFamily(addressesOf(pods.server)),
      service: byFamily(pods.service.spec?.clusterIPs ?? []),
    },
  };
}

/** None where the command has not said any: then nothing is attached that is seen. */
function linksIn({ stdout }: Executed): readonly Link[] {
  try {
    const links: unknown = JSON.parse(stdout);
    return Array.isArray(links) ? (links as readonly Link[]) : [];
  } catch {
    return [];
  }
}

function globalsOf(link: Link | undefined): readonly string[] {
  return (link?.addr_info ?? []).flatMap(({ local, scope }) => (scope === 'global' && local ? [local] : []));
}

function hostAddresses({ status }: V1Pod): readonly string[] {
  const all = (status?.hostIPs ?? []).flatMap(({ ip }) => ip ?? []);
  return all.length === 0 && status?.hostIP ? [status.hostIP] : all;
}

/** The first of each family. */
export function byFamily(addresses: readonly string[]): Partial<Record<Family, string>> {
  return Object.fromEntries(
    FAMILIES.flatMap((family) => {
      const first = addresses.find((address) => parseAddress(address)?.family === family);
      return first === undefined ? [] : [[family, first]];
    }),
  );
}

/** What a server has answered over TCP, or why it has not. */
export type Reply = { readonly answer: string } | { readonly error: string };

export interface Asked {
  readonly host: string;
  readonly port: number;
  readonly question?: string;
}

/** How long a server may take, in seconds. */
const PATIENCE = 5;

/** Asks servers from a pod, one after another. */
export async function ask(pod: TestPod, questions: readonly Asked[]): Promise<readonly Reply[]> {
  const lines = questions.map(
    ({ host, port, question = '' }) => `${host} ${port} ${Buffer.from(question).toString('hex') || '-'}\n`,
  );
  const seconds = 10 + questions.length * (PATIENCE + 5);
  const command = ['perl', `${PROGRAMS}/ask.pl`, String(PATIENCE)];
  const { stdout, stderr } = await pod.run(command, `${lines.join('')}\n`, seconds);
  const answers = stdout.split('\n');
  return questions.map((_, index): Reply => {
    const [, kind, rest = ''] = /^(answer|error) (.*)$/.exec(answers[index] ?? '') ?? [];
    if (kind === 'answer') return { answer: Buffer.from(rest, 'hex').toString('latin1') };
    return { error: kind === 'error' ? rest : stderr.trim() || 'no answer' };
  });
}
