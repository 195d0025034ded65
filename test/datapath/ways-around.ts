import { setTimeout } from 'node:timers/promises';
import { run, tryRun } from '../agent/namespace.ts';
import type { Client } from './bed/client.ts';
import { UNPRIVILEGED } from './bed/sockets.ts';
import { ECHO_PORT, tryTraffic } from './bed/traffic.ts';
import { INTERNET } from './bed/underlay.ts';
import { type Frame, packet, send, tagged } from './frames.ts';

/** The address that is tried, of each family. */
const TRIED = [INTERNET.IPv4, INTERNET.IPv6];

/** A way around the gateway: what a client does, or what happens to it, and then sends to the internet. */
export type Way = readonly [title: string, go: (client: Client) => Promise<void> | void];

/** One that takes nothing but a program in the pod. */
type Asking = readonly [title: string, go: (client: Pick<Client, 'namespace'>) => void];

/** Asks for the interface in one way, and sends (socket(7), ip(7), ipv6(7)). */
const ASKING = `
  use Socket qw(:all);
  my ($way, $address, $port) = @ARGV;
  open(F, '<', '/sys/class/net/eth0/ifindex') or die; chomp(my $index = <F>);
  my $is6 = $address =~ /:/;
  my $to = $is6 ? pack_sockaddr_in6($port, inet_pton(AF_INET6, $address)) : pack_sockaddr_in($port, inet_aton($address));
  my ($how, $type) = split('/', $way);
  for my $time (1 .. 5) {
    socket(S, $is6 ? AF_INET6 : AF_INET, ($type eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM) | 2048, 0) or die "socket: $!";
    my ($level, $option, $value) =
      $how eq 'SO_BINDTODEVICE' ? (SOL_SOCKET, 25, "eth0\\0") :
      $how eq 'UNICAST_IF' ? ($is6 ? (41, 76, pack('N', $index)) : (0, 50, pack('N', $index))) :
      $is6 ? (41, 50, pack('a16 I', '', $index)) : ();
    if ($level or $option) { setsockopt(S, $level, $option, $value) or die "$how: $!"; }
    if ($how eq 'PKTINFO' and !$is6) {
      my $number = (uname())[4] eq 'aarch64' ? 211 : 46;
      my $text = 'x' x 8; my $part = pack('P Q', $text, 8);
      my $control = pack('Q i i i a4 a4 x4', 28, 0, 8, $index, '', '');
      my $message = pack('P I x4 P Q P Q i x4', $to, length($to), $part, 1, $control, length($control), 0);
      syscall($number, fileno(S), $message, 0) >= 0 or die "sendmsg: $!";
    } elsif ($type eq 'tcp') { connect(S, $to); } else { send(S, 'x' x 8, 0, $to); }
    select(undef, undef, undef, 0.02);
  }`;

function ask(way: string): Asking {
  const go = ({ namespace }: Pick<Client, 'namespace'>): void => {
    for (const address of TRIED) {
      run(
        namespace,
        `${UNPRIVILEGED} perl -MPOSIX=uname -e '${ASKING.replaceAll("'", String.raw`'\''`)}' ${way} ${address} ${ECHO_PORT}`,
      );
    }
  };
  return [way, go];
}

/** What any program does, over UDP, TCP and ICMP. */
async function sendAsUsual({ namespace }: Client): Promise<void> {
  await tryTraffic(namespace, TRIED);
}

/** The node's end of an interface of a client. */
function endOf({ results }: Client, device: string): { readonly name: string; readonly mac: string } {
  const end = results[device]?.interfaces?.find(({ sandbox, name }) => !sandbox && name.startsWith('veth'));
  if (end?.mac === undefined) throw new Error(`${device} has no end on the node`);
  return { name: end.name, mac: end.mac };
}

/** Frames that a program with NET_RAW sends by the primary interface. */
function frames(client: Client, change: (frame: Frame) => Frame, sources: readonly string[]): void {
  const own = run(client.namespace, 'cat /sys/class/net/eth0/address').trim();
  const udp = Buffer.from([0x1f, 0x90, ECHO_PORT >> 8, ECHO_PORT & 255, 0, 8, 0, 0]);
  const { mac } = endOf(client, 'eth0');
  const all = TRIED.map((address, index) => packet(own, mac, [sources[index] ?? '', address], { payload: udp }));
  send(client.namespace, [...all, ...all, ...all].map(change), 'eth0');
}

/** By an interface that a program asks for, without any privilege (W3). */
export const ASKED: readonly Asking[] = [
  ask('SO_BINDTODEVICE/udp'),
  ask('SO_BINDTODEVICE/tcp'),
  ask('PKTINFO/udp'),
  ask('UNICAST_IF/udp'),
];

/** With the help of a privileged container of the pod. */
export const PRIVILEGED: readonly Way[] = [
  ['a packet socket', (client) => frames(client, (frame) => frame, client.addresses)],
  [
    "a packet socket, another's source",
    (client) => frames(client, (frame) => frame, ['10.244.1.99', 'fd00:10:244:1::99']),
  ],
  ['a packet socket, VLAN 0', (client) => frames(client, (frame) => tagged(0, frame), client.addresses)],
  [
    'routes of its own',
    async (client) => {
      const via = client.results['eth0']?.ips?.map(({ gateway }) => gateway ?? '') ?? [];
      run(
        client.namespace,
        `ip route replace 203.0.113.0/25 via ${via[0]} && ip -6 route replace 2001:db8::/33 via ${via[1]}`,
      );
      await sendAsUsual(client);
    },
  ],
  [
    'the routes of the network deleted',
    async (client) => {
      run(client.namespace, 'ip route flush dev net1 && ip -6 route flush dev net1');
      await sendAsUsual(client);
    },
  ],
];

/** What happens to the pod's interface on the network (W5). */
export const BROKEN: readonly Way[] = [
  [
    "the node's end deleted",
    async (client) => {
      tryRun(client.node.namespace, `ip link del ${endOf(client, 'net1').name}`);
      await setTimeout(300);
      await sendAsUsual(client);
    },
  ],
  [
    "the node's end down, ignore_routes_with_linkdown",
    async (client) => {
      for (const family of ['ipv4', 'ipv6']) {
        run(
          client.namespace,
          `for each in all net1; do sysctl -qw net.${family}.conf.$each.ignore_routes_with_linkdown=1; done`,
        );
      }
      run(client.node.namespace, `ip link set ${endOf(client, 'net1').name} down`);
      await setTimeout(300);
      await sendAsUsual(client);
    },
  ],
];
