import { FAMILIES, type Family } from '../../fn/net/address.ts';
import type { Calls, Tried } from '../../fn/verify/calls.ts';
import { knownOf, type Place } from '../../fn/verify/place.ts';
import { tryRun, run } from '../agent/namespace.ts';
import { makeImpatient, ROUTER_NODE, type Scene } from './accidents.ts';
import { type Client, startClient } from './bed/client.ts';
import { type Cluster, WEB } from './bed/cluster.ts';
import { countDestinations, countedPackets } from './bed/counter.ts';
import { example } from './bed/example.ts';
import { install, nodeOf, untilReady } from './bed/installation.ts';
import type { Node } from './bed/node.ts';
import { repeatCalls } from './bed/sockets.ts';
import { ECHO_PORT, startEchoServer } from './bed/traffic.ts';
import { TO_INTERNET } from './bed/underlay.ts';
import { REFUSED } from './hostile-refused.ts';
import { TUNNEL, WAYS } from './hostile-ways.ts';

/** No address of the cluster's, so that an answer is one of the way's own. */
const OUTSIDE: Readonly<Record<Family, (number: number) => string>> = {
  IPv4: (number) => `203.0.113.${100 + number}`,
  IPv6: (number) => `2001:db8::${(0x100 + number).toString(16)}`,
};

/** How many packets have left by each way, over IPv4 and IPv6; ways by which none has are not named. */
export type Seen = Readonly<Record<string, readonly [number, number]>>;

/** Three nodes whose primary network has a VXLAN, as flannel's; a client on the router's node, and one on another. */
export async function prepare(cluster: Cluster): Promise<Scene> {
  for (const node of cluster.nodes) addTunnel(node);
  await startEchoServer(cluster.web.namespace);
  const fields = { subnets: ['192.168.50.0/24', 'fd00:50::/64'] };
  const installation = install(cluster, example('multi-node', fields), ROUTER_NODE);
  await untilReady([...installation.agents, ...installation.routers]);
  const clients = [1, ROUTER_NODE].map((number) => startClient(installation, number));
  for (const { namespace } of clients) {
    makeImpatient(namespace);
    // As containerd has it for pods.
    run(namespace, 'sysctl -qw net.ipv4.ping_group_range="0 2147483647"');
  }
  return { ...installation, clients };
}

function addTunnel({ namespace, number, addresses }: Node): void {
  run(
    namespace,
    `ip link add flannel.${TUNNEL.vni} address ${TUNNEL.mac} type vxlan id ${TUNNEL.vni} dev eth0 dstport ${TUNNEL.port} \
       local ${addresses.IPv4} nolearning
     ip addr add 10.244.${number}.0/32 dev flannel.${TUNNEL.vni} && ip link set flannel.${TUNNEL.vni} up`,
  );
}

function placeOf({ cluster }: Scene, client: Client): Place {
  const pair = ([IPv4 = '', IPv6 = '']: readonly string[]) => ({ IPv4, IPv6 });
  return {
    index: Number(run(client.namespace, 'cat /sys/class/net/eth0/ifindex')),
    own: pair(client.addresses),
    network: pair(client.networkAddresses),
    node: client.node.addresses,
    otherNode: nodeOf(cluster, 3).addresses,
    pod: pair(cluster.web.addresses),
    service: pair(WEB.addresses),
    port: ECHO_PORT,
  };
}

/** Goes all ways at once from each client for some seconds, and gives what became of them, by title. */
export async function tryEverything(scene: Scene, seconds: number): Promise<readonly ReadonlyMap<string, Tried>[]> {
  return Promise.all(
    scene.clients.map(async (client) => {
      const place = placeOf(scene, client);
      const tunnel = { here: place.node.IPv4 ?? '', there: place.otherNode.IPv4 ?? '' };
      const ways = WAYS.flatMap(({ title, make }, number) =>
        FAMILIES.flatMap((family): readonly (readonly [string, Calls])[] => {
          const known = knownOf(place, family);
          const calls = known && make(family, OUTSIDE[family](number), { ...known, tunnel });
          return calls ? [[`${title}, ${family}`, calls]] : [];
        }),
      );
      const all = [...ways, ...REFUSED.map(([title, , calls]) => [title, calls] as const)];
      const tried = await repeatCalls(
        client.namespace,
        all.map(([, calls]) => calls),
        seconds,
      );
      return new Map(tried.map((each, index) => [all[index]?.[0] ?? '', each]));
    }),
  );
}

/** Looks from now on for what leaves the nodes around the router, and for what the clients' nodes let in by `eth0`. */
export function watch(scene: Scene): { readonly seen: () => Seen; readonly letIn: () => number } {
  const { cluster, clients } = scene;
  const others = cluster.nodes.filter(({ number }) => number !== ROUTER_NODE);
  const uplinks = others.map(({ number }) => countDestinations(cluster.underlay.fabric, `node${number}`));
  const ends = clients.map((client) => ({ node: client.node, device: endOf(client) }));
  const routerNode = nodeOf(cluster, ROUTER_NODE);
  const ofClients = ends.filter(({ node }) => node === routerNode).map(({ device }) => device);
  countForwarded(routerNode, [...ofClients, `flannel.${TUNNEL.vni}`]);
  for (const { node, device } of ends) countLetIn(node, device);
  const before = uplinks.map((count) => count());
  return {
    seen: () => {
      const counts = [...uplinks.map((count, index) => since(before[index] ?? {}, count())), forwarded(routerNode)];
      const of = (address: string) => counts.reduce((sum, count) => sum + (count[address] ?? 0), 0);
      const all = WAYS.map(({ title }, number): readonly [string, readonly [number, number]] => [
        title,
        [of(OUTSIDE.IPv4(number)), of(OUTSIDE.IPv6(number))],
      ]);
      return Object.fromEntries(all.filter(([, [IPv4, IPv6]]) => IPv4 + IPv6 > 0));
    },
    letIn: () => ends.reduce((sum, { node }) => sum + countedPackets(run(node.namespace, LET_IN)), 0),
  };
}

const LET_IN = 'nft list chain netdev let_in behind_rules';

type Counts = Readonly<Record<string, number>>;

function since(before: Counts, now: Counts): Counts {
  return Object.fromEntries(Object.entries(now).map(([address, count]) => [address, count - (before[address] ?? 0)]));
}

/** Counts what a node forwards from some devices to its uplink, and what it says by itself; not what a router sends. */
function countForwarded({ namespace }: Node, devices: readonly string[]): void {
  const update = (guard: string) =>
    ['ip', 'ip6'].map((ip) => `\t\t${guard}oifname eth0 update @to_${ip} { ${ip} daddr }`).join('\n');
  run(
    namespace,
    `nft delete table inet around 2>/dev/null
     nft -f - <<'END'
table inet around {
	set to_ip { type ipv4_addr; flags dynamic; size 1024; counter; }
	set to_ip6 { type ipv6_addr; flags dynamic; size 1024; counter; }
	chain forward {
		type filter hook forward priority 300; policy accept;
${update(`iifname { ${devices.map((device) => `"${device}"`).join(', ')} } `)}
	}
	chain output {
		type filter hook output priority 300; policy accept;
${update('')}
	}
}
END`,
  );
}

function forwarded({ namespace }: Node): Counts {
  const elements = run(namespace, 'nft list table inet around').matchAll(/([\d.a-f:]+) counter packets (\d+)/g);
  return Object.fromEntries(Array.from(elements, ([, address = '', packets]) => [address, Number(packets)]));
}

/** Counts what is for the internet behind the agent's rules at a client's end. */
function countLetIn({ namespace }: Node, device: string): void {
  run(
    namespace,
    `nft delete table netdev let_in 2>/dev/null
     nft -f - <<'END'
table netdev let_in {
	chain behind_rules {
		type filter hook ingress device "${device}" priority 100; policy accept;
${TO_INTERNET.map((match) => `\t\t${match} counter`).join('\n')}
	}
}
END`,
  );
}

function endOf({ results }: Client): string {
  const end = results['eth0']?.interfaces?.find(({ sandbox, name }) => !sandbox && name.startsWith('veth'));
  if (!end) throw new Error('eth0 has no end on the node');
  return end.name;
}

/** Takes the second layer away: no agent runs, and its rules about the clients' primary interfaces are gone. */
export async function takeAway({ agents, cluster }: Scene): Promise<void> {
  await Promise.all(agents.map((agent) => agent.kill('SIGKILL')));
  for (const { namespace } of cluster.nodes)
    for (const family of ['netdev', 'inet', 'bridge'])
      tryRun(namespace, `nft delete table ${family} gwn_egress.vpn_primary`);
}
