import { HELD_ADDRESSES } from '../../net/held-addresses.ts';
import { attempt, firstLine } from '../system/command.ts';
import { PRIMARY } from './missing.ts';

/**
 * Sends a datagram to each address by an interface, and says `held` where one is refused as unreachable port within
 * 30 ms. It goes no further than the node (TTL 1), whose own routing would answer otherwise, as would every firewall
 * behind it. QuickJS has no sockets; Perl is in each Debian, here without its modules, hence the numbers of Linux:
 * SO_BINDTODEVICE (25), IP_TTL (2), IPV6_UNICAST_HOPS (16), ECONNREFUSED (111).
 */
const QUESTION = String.raw`
my ($device, @addresses) = @ARGV;
for (@addresses) {
  my ($family, $level, $name) = /:/ ? (10, 41, 16) : (2, 0, 2);
  my $to = $family == 2 ? pack('S n C4 x8', 2, 9, split /\./) : pack('S n N n8 N', 10, 9, 0, 0x100, (0) x 6, 8, 0);
  socket(my $socket, $family, 2, 17) or next;
  setsockopt($socket, 1, 25, "$device\0") or die "$device: $!\n";
  setsockopt($socket, $level, $name, pack('i', 1));
  connect($socket, $to) and send($socket, '?', 0) or next;
  my $ready = '';
  vec($ready, fileno $socket, 1) = 1;
  select($ready, undef, undef, 0.03) or next;
  $! = 0;
  recv($socket, my $answer, 1, 0);
  if ($! == 111) { print "held\n"; exit }
}
print "not held\n";
`;

/** Why the pod's primary interface does not count as held by the node; nothing where it is. */
export function whyNotHeld(): string | undefined {
  const { answer } = attempt(['perl', '-e', QUESTION, PRIMARY, ...Object.values(HELD_ADDRESSES)]);
  if (answer === 'held') return undefined;
  return answer === 'not held'
    ? `the node does not hold its ${PRIMARY} yet`
    : firstLine(answer) || 'perl does not start';
}
