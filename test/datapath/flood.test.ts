import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventually } from '../agent/eventually.ts';
import { type Namespace, processes, run } from '../agent/namespace.ts';
import { createCluster } from './bed/cluster.ts';
import { example } from './bed/example.ts';
import { install, untilReady } from './bed/installation.ts';
import type { Node } from './bed/node.ts';
import { describeDatapath } from './bed/requirements.ts';

/** As many as a client sends in some seconds. */
const FRAMES = 211_000;
/** How many MAC addresses a bridge learns at the most, and a VXLAN, which counts the entry of its peers as well. */
const MOST = 16_384;
/** How much processor time the agents may use for it, in seconds. */
const LIMIT = 1;
const VXLAN = 'vx-vpn-4gfy37';

/**
 * Sends ARP requests from an interface, each from a MAC address of its own (packet(7), RFC 826): an interface, how
 * many.
 */
const FLOOD = `
  open(F, '<', "/sys/class/net/$ARGV[0]/ifindex") or die; chomp(my $index = <F>);
  socket(S, 17, 3, 0) or die "socket: $!";
  my $to = pack('S n l S C C a8', 17, 0, $index, 0, 0, 6, '');
  my $question = pack('n n C C n', 1, 0x0800, 6, 4, 1);
  for my $n (1 .. $ARGV[1]) {
    my $mac = pack('H4 N', '0200', $n * 2654435761 & 0xffffffff);
    my $arp = $question . $mac . pack('C4 H12 C4 a18', 192, 168, 50, 200, '0' x 12, 192, 168, 50, 201, '');
    send(S, pack('H12', 'f' x 12) . $mac . pack('n', 0x0806) . $arp, 0, $to) or select(undef, undef, undef, 0.001);
    select(undef, undef, undef, 0.001) unless $n % 50;
  }`;

/** The processor time of all that runs on a node and that it has waited for, in seconds (proc(5), stat). */
function processorTime(namespace: Namespace): number {
  const ticks = processes(namespace).flatMap((pid) =>
    readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ').slice(11, 15),
  );
  return ticks.reduce((sum, count) => sum + Number(count), 0) / 100;
}

/** How many addresses a VXLAN has learnt, and the bridge of its. */
function learnt({ namespace }: Node): { readonly vxlan: number; readonly bridge: number } {
  const count = (pattern: string) =>
    Number(run(namespace, `bridge fdb show dev ${VXLAN} | grep -c '^02:00:.* ${pattern} ' || true`));
  return { vxlan: count('dst'), bridge: count('master') };
}

describeDatapath('frames with random MAC addresses from another node', () => {
  it('fill no table without bound, and cost the agents next to nothing', async () => {
    using cluster = createCluster({ nodes: 2 });
    const { agents, routers } = install(cluster, example('multi-node'), 2);
    await untilReady([...agents, ...routers]);
    const [one, two] = cluster.nodes as [Node, Node];
    const before = cluster.nodes.map(({ namespace }) => processorTime(namespace));
    execFileSync('ip', ['netns', 'exec', two.namespace, 'perl', '-e', FLOOD, VXLAN, String(FRAMES)], { stdio: 'pipe' });
    await eventually(() => expect(learnt(one).vxlan).toBeGreaterThan(MOST / 2));
    const found = learnt(one);
    expect(found.vxlan).toBeLessThanOrEqual(MOST);
    expect(found.bridge).toBeLessThanOrEqual(MOST);
    for (const [index, { namespace }] of cluster.nodes.entries())
      expect(processorTime(namespace) - (before[index] ?? 0)).toBeLessThan(LIMIT);
    await untilReady(agents);
  });
});
