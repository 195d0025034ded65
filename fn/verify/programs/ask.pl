# Asks servers over TCP. Each line of its input is a question: a name or an address, a port, and what is sent, in
# hexadecimal digits or "-"; an empty line ends it. Prints for each of them "answer" with the answer in hexadecimal
# digits, of 4096 bytes at most, or "error" with the reason.
use strict;
use warnings;
use Errno qw(EINPROGRESS);
use Socket qw(:all);

my $patience = shift;

sub ready {
  my ($socket, $end, $to_write) = @_;
  my $left = $end - time;
  return 0 if $left <= 0;
  vec(my $wanted = '', fileno $socket, 1) = 1;
  return select($to_write ? undef : $wanted, $to_write ? $wanted : undef, undef, $left) > 0;
}

sub ask {
  my ($host, $port, $question) = @_;
  my $end = time + $patience;
  my ($error, @found) = getaddrinfo($host, $port, { socktype => SOCK_STREAM });
  return "error $error" if $error;
  my $at = $found[0];
  socket(my $socket, $$at{family}, SOCK_STREAM | SOCK_NONBLOCK, 0) or return "error socket: $!";
  if (!connect($socket, $$at{addr})) {
    return "error $!" unless $! == EINPROGRESS;
    return "error no answer within $patience s" unless ready($socket, $end, 1);
    local $! = unpack 'i', getsockopt($socket, SOL_SOCKET, SO_ERROR);
    return "error $!" if $! + 0;
  }
  send($socket, pack('H*', $question), MSG_NOSIGNAL) if $question ne '-';
  my $answer = '';
  while (length $answer < 4096 && ready($socket, $end, 0)) {
    defined recv($socket, my $part, 4096, 0) or last;
    last if $part eq '';
    $answer .= $part;
  }
  return 'answer ' . unpack 'H*', $answer;
}

my @questions;
while (my $line = <STDIN>) {
  last if $line eq "\n";
  push @questions, [ split ' ', $line ];
}
print ask(@$_), "\n" for @questions;
