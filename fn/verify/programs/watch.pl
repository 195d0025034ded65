# Prints what passes the interfaces of a network namespace for the addresses of a test: a line for each interface,
# direction, source, destination and protocol, with the time of the first packet in seconds and how many there were by
# then; again once a second, if there were more. Destinations are chosen by the bits that are named, in hexadecimal
# digits: 24 of an IPv4 address, 64 of an IPv6 address. Addresses are printed as such digits, too. First it sends
# packets to the first address of each itself.
use strict;
use warnings;
use Socket qw(:all);

my ($ipv4, $ipv6) = @ARGV;
$| = 1;

# Numbers of linux/if_packet.h, linux/if_ether.h, linux/sockios.h, asm-generic/socket.h and linux/bpf_common.h.
my ($AF_PACKET, $ETH_P_ALL, $SIOCGSTAMP, $SO_ATTACH_FILTER) = (17, 3, 0x8906, 26);
my ($OUTGOING, $LOAD, $LOAD_BYTE, $AND, $EQUAL, $RETURN) = (4, 0x20, 0x30, 0x54, 0x15, 0x06);

my @filter = (
  [ $LOAD_BYTE, 0, 0, 0 ],
  [ $AND, 0, 0, 0xf0 ],
  [ $EQUAL, 0, 3, 0x40 ],
  [ $LOAD, 0, 0, 16 ],
  [ $AND, 0, 0, 0xffffff00 ],
  [ $EQUAL, 5, 6, hex "${ipv4}00" ],
  [ $EQUAL, 0, 5, 0x60 ],
  [ $LOAD, 0, 0, 24 ],
  [ $EQUAL, 0, 3, hex substr($ipv6, 0, 8) ],
  [ $LOAD, 0, 0, 28 ],
  [ $EQUAL, 0, 1, hex substr($ipv6, 8, 8) ],
  [ $RETURN, 0, 0, 64 ],
  [ $RETURN, 0, 0, 0 ],
);
my $code = join '', map { pack 'S C C L', @$_ } @filter;

socket(my $all, $AF_PACKET, SOCK_DGRAM, unpack 'S', pack 'n', $ETH_P_ALL) or die "packet socket: $!\n";
setsockopt($all, SOL_SOCKET, $SO_ATTACH_FILTER, pack 'S x6 P', scalar @filter, $code) or die "filter: $!\n";

sub first {
  my ($domain, $to) = @_;
  socket(my $socket, $domain, SOCK_DGRAM, 0) or return;
  send $socket, 'self', 0, $to;
}

first(AF_INET, pack_sockaddr_in(9, pack 'H*', "${ipv4}01"));
first(AF_INET6, pack_sockaddr_in6(9, pack 'H*', "${ipv6}0000000000000001"));
print "watching\n";

sub number {
  my ($path) = @_;
  open(my $file, '<', $path) or return 0;
  my $line = <$file> // return 0;
  return int $line;
}

# The name of an interface, and the interface that it is a port of.
my %names;
sub device {
  my ($index) = @_;
  return $names{$index} if $names{$index};
  my ($path) = grep { number("$_/ifindex") == $index } glob '/sys/class/net/*';
  my $bridge = $path && readlink "$path/master";
  return $names{$index} = join ' ', map { $_ && m{([^/]+)$} ? $1 : '-' } $path, $bridge;
}

my (%seen, %changed);
my $printed = time;
while (1) {
  vec(my $wanted = '', fileno $all, 1) = 1;
  if (select($wanted, undef, undef, 0.5) > 0) {
    my $from = recv($all, my $packet, 64, 0) or next;
    my ($index, $direction) = (unpack 'S n i S C', $from)[ 2, 4 ];
    my $is6 = ord($packet) >> 4 == 6;
    my ($protocol, $source, $destination) = unpack $is6 ? 'x6 C x H32 H32' : 'x9 C x2 H8 H8', $packet;
    my $key = join ' ', $index, device($index), $direction == $OUTGOING ? 'out' : 'in', $source, $destination, $protocol;
    ioctl($all, $SIOCGSTAMP, my $stamp = "\0" x 16);
    $seen{$key} //= [ sprintf('%d.%06d', unpack 'q q', $stamp), 0 ];
    $seen{$key}[1]++;
    $changed{$key} = 1;
  }
  if (time > $printed) {
    print "$seen{$_}[0] $_ $seen{$_}[1]\n" for sort keys %changed;
    %changed = ();
    $printed = time;
  }
}
