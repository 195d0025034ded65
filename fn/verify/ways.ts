import {
  bind,
  connect,
  DATAGRAM,
  FAST_OPEN,
  INET6,
  LEVEL,
  message,
  option,
  packetInfo,
  PROTOCOL,
  segments,
  send,
  socket,
  socketAddress,
} from './calls.ts';
import {
  ONLY_IPV6,
  TEXT,
  ECHO_REQUEST,
  datagrams,
  echoes,
  streams,
  at,
  device,
  perFamily,
  foreign,
  bigEndian,
  usual,
  asking,
  shut,
  open,
  only,
  byDevice,
  withForeignSource,
  type Way,
} from './way.ts';

/** Where nothing listens. */
const CLOSED_PORT = 9;

/**
 * What a program without any privilege can try. The first layer, the routes, shuts what is not open; the second is the
 * node's rules at the pod's end of `eth0`.
 */
export const WAYS: readonly Way[] = [
  usual('UDP', (family, to, { port }) => [datagrams(family), send(at(to, port), TEXT)]),
  usual('TCP', (family, to, { port }) => [streams(family), connect(at(to, port))]),
  usual('ICMP echo', (family, to) => [echoes(family), send(at(to, 0), ECHO_REQUEST[family])]),
  usual('a connected socket that is kept', (family, to, { port }) => [
    'keep',
    datagrams(family),
    connect(at(to, port)),
    send(at(to, port), TEXT),
  ]),
  usual("bind to eth0's address", (family, to, { own, port }) => [
    datagrams(family),
    bind(at(own, 0)),
    send(at(to, port), TEXT),
  ]),
  asking('SO_BINDTODEVICE, SO_DONTROUTE', ONLY_IPV6, (family, to, { port }) => [
    datagrams(family),
    device(),
    option(LEVEL.socket, 5, 1),
    send(at(to, port), TEXT),
  ]),
  shut('SO_BINDTODEVICE, one hop', (family, to, { port }) => [
    datagrams(family),
    device(),
    perFamily(family, [2, 16], 1),
    send(at(to, port), TEXT),
  ]),
  byDevice('UDP', (family, to, { port }) => [datagrams(family), send(at(to, port), TEXT)]),
  byDevice('TCP', (family, to, { port }) => [streams(family), connect(at(to, port))]),
  byDevice('TCP Fast Open', (family, to, { port }) => [streams(family), send(at(to, port), TEXT, FAST_OPEN)]),
  byDevice('MPTCP', (family, to, { port }) => [streams(family, PROTOCOL.MPTCP), connect(at(to, port))]),
  byDevice('ICMP echo', (family, to) => [echoes(family), send(at(to, 0), ECHO_REQUEST[family])]),
  byDevice('fragments', (family, to, { port }) => [datagrams(family), send(at(to, port), Buffer.alloc(4000))]),
  byDevice('UDP segmentation offload', (family, to, { port }) => [
    datagrams(family),
    option(LEVEL.UDP, 103, 1000),
    send(at(to, port), Buffer.alloc(4000)),
  ]),
  byDevice('255 hops, SO_PRIORITY, IP_TOS', (family, to, { port }) => [
    datagrams(family),
    perFamily(family, [2, 16], 255),
    option(LEVEL.socket, 12, 6),
    perFamily(family, [1, 67], 0xb8),
    send(at(to, port), TEXT),
  ]),
  byDevice("the network's source", (family, to, { network, port }) => [
    datagrams(family),
    bind(at(network, 0)),
    send(at(to, port), TEXT),
  ]),
  open('SO_BINDTODEVICE, a socket that is kept', (family, to, { port }) => [
    'keep',
    datagrams(family),
    device(),
    send(at(to, port), TEXT),
  ]),
  open('SO_BINDTOIFINDEX', (family, to, { index, port }) => [
    datagrams(family),
    option(LEVEL.socket, 62, index),
    send(at(to, port), TEXT),
  ]),
  open('IP_PKTINFO, IPV6_PKTINFO', (family, to, { index, port }) => [
    datagrams(family),
    message(at(to, port), TEXT, packetInfo(family, index)),
  ]),
  // The kernel takes the routes of all interfaces for an IPv6 packet that has a source.
  only('IPv4', "IP_PKTINFO with eth0's address", true, (to, { index, own, port }) => [
    datagrams('IPv4'),
    message(at(to, port), TEXT, packetInfo('IPv4', index, own)),
  ]),
  open('IP_UNICAST_IF, IPV6_UNICAST_IF', (family, to, { index, port }) => [
    datagrams(family),
    perFamily(family, [50, 76], bigEndian(index)),
    send(at(to, port), TEXT),
  ]),
  only('IPv4', 'an address of IPv4 in IPv6, SO_BINDTODEVICE', true, (to, { port }) => [
    socket(INET6, DATAGRAM),
    device(),
    send(at(`::ffff:${to}`, port), TEXT),
  ]),
  // The kernel takes no scope of an address that is not the link's, and goes by the routes.
  usual("a scope that is eth0's", (family, to, { index, port }) =>
    family === 'IPv6' ? [datagrams('IPv6'), send(socketAddress(to, port, index), TEXT)] : undefined,
  ),
  only('IPv6', 'a segment routing header, by the node', false, (to, { node, port }) => [
    datagrams('IPv6'),
    option(LEVEL.IPv6, 57, segments(node, to)),
    send(at(to, port), TEXT),
  ]),
  only('IPv6', 'a segment routing header, by a pod', false, (to, { pod, port }) => [
    datagrams('IPv6'),
    option(LEVEL.IPv6, 57, segments(pod, to)),
    send(at(to, port), TEXT),
  ]),
  withForeignSource('to a Service', ({ service, port }) => at(service, port)),
  withForeignSource('to a port of a pod where nothing listens', ({ pod }) => at(pod, CLOSED_PORT)),
  withForeignSource('to a port of the node where nothing listens', ({ node }) => at(node, CLOSED_PORT)),
  withForeignSource('as far as the first hop', ({ otherNode, port }) => at(otherNode, port), option(LEVEL.IPv6, 16, 1)),
  only('IPv6', 'a source of the internet, TCP', true, (source, { service, port }) => [
    streams('IPv6'),
    foreign('IPv6'),
    bind(at(source, 0)),
    connect(at(service, port)),
  ]),
  only('IPv6', 'a source of the internet, ICMP echo', true, (source, { pod }) => [
    echoes('IPv6'),
    foreign('IPv6'),
    bind(at(source, 0)),
    send(at(pod, 0), ECHO_REQUEST.IPv6),
  ]),
  only('IPv6', 'a source of the internet, ICMP echo to all on the link', false, (source, { index }) => [
    echoes('IPv6'),
    foreign('IPv6'),
    bind(at(source, 0)),
    send(socketAddress('ff02::1', 0, index), ECHO_REQUEST.IPv6),
  ]),
];
