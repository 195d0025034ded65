# Tells everybody who connects to a port, or sends it a datagram, the address that they come from.
use strict;
use warnings;
use Socket qw(:all);

my $port = shift;

sub listen_at {
  my ($domain, $type, $any) = @_;
  socket(my $socket, $domain, $type, 0) or return;
  setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
  setsockopt($socket, IPPROTO_IPV6, IPV6_V6ONLY, 1) if $domain == AF_INET6;
  my $address = $domain == AF_INET6 ? pack_sockaddr_in6($port, $any) : pack_sockaddr_in($port, $any);
  bind($socket, $address) or return;
  listen($socket, 64) if $type == SOCK_STREAM;
  return $socket;
}

sub name {
  my ($from) = @_;
  return sockaddr_family($from) == AF_INET6
    ? inet_ntop(AF_INET6, (unpack_sockaddr_in6($from))[1])
    : inet_ntop(AF_INET, (unpack_sockaddr_in($from))[1]);
}

# A node without IPv6 has only the second.
my @any = ([ AF_INET6, IN6ADDR_ANY ], [ AF_INET, INADDR_ANY ]);
my @streams = grep { $_ } map { listen_at($$_[0], SOCK_STREAM, $$_[1]) } @any;
my @datagrams = grep { $_ } map { listen_at($$_[0], SOCK_DGRAM, $$_[1]) } @any;
die "port $port: $!" unless @streams && @datagrams;
$SIG{TERM} = sub { exit 0 };
$SIG{PIPE} = 'IGNORE';

while (1) {
  my $wanted = '';
  vec($wanted, fileno $_, 1) = 1 for @streams, @datagrams;
  select(my $ready = $wanted, undef, undef, undef);
  for my $socket (grep { vec $ready, fileno $_, 1 } @streams) {
    my $from = accept(my $peer, $socket) or next;
    send $peer, name($from) . "\n", 0;
    close $peer;
  }
  for my $socket (grep { vec $ready, fileno $_, 1 } @datagrams) {
    my $from = recv($socket, my $text, 65535, 0);
    send $socket, name($from) . "\n", 0, $from if $from;
  }
}
