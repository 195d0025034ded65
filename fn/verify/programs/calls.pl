# Makes calls of sockets again and again, for as many seconds as it is told, with such a pause between. Each line of
# its input is a way to send: calls, separated by ";"; an empty line ends it. A "keep" in front keeps the socket, and
# repeats only what sends.
# Prints for each way how often it was sent by, and what the last call that failed had to say.
use strict;
use warnings;
use Socket 'SOCK_NONBLOCK';
use POSIX 'uname';

my $sendmsg = (uname())[4] eq 'aarch64' ? 211 : 46;
my @ways;
while (my $line = <STDIN>) {
  last if $line eq "\n";
  push @ways, [ map { [ split ' ' ] } split /;/, $line ];
}
my ($seconds, $pause) = @ARGV;
my $end = time + $seconds;
my @reports = map { [ 0, '-' ] } @ways;
my %kept;

sub bytes { pack 'H*', $_[0] // '' }

# A struct msghdr with one part, as Linux has it where a pointer has 64 bits.
sub message {
  my ($socket, $to, $text, $control) = @_;
  my $part = pack 'P Q', $text, length $text;
  my $header = pack 'P I x4 P Q P Q i x4', $to, length $to, $part, 1, $control, length $control, 0;
  return syscall($sendmsg, fileno $socket, $header, 0) >= 0;
}

sub call {
  my ($socket, $name, @given) = @_;
  return setsockopt($socket, $given[0], $given[1], bytes($given[2])) if $name eq 'option';
  return bind($socket, bytes($given[0])) if $name eq 'bind';
  return connect($socket, bytes($given[0])) || $!{EINPROGRESS} if $name eq 'connect';
  return defined send($socket, bytes($given[1]), $given[2], bytes($given[0])) || $!{EINPROGRESS} if $name eq 'send';
  return message($socket, map { bytes($_) } @given) if $name eq 'message';
  die "no call $name";
}

sub try {
  my ($number, @calls) = @_;
  my $is_kept = $calls[0][0] eq 'keep' && shift @calls;
  my $socket = $kept{$number};
  for my $call (@calls) {
    my ($name, @given) = @$call;
    if ($name eq 'socket') {
      next if $socket;
      socket($socket, $given[0], $given[1] | SOCK_NONBLOCK, $given[2]) or return "socket: $!";
    } else {
      next if $kept{$number} && $name !~ /^(send|message)$/;
      call($socket, $name, @given) or return "$name: $!";
    }
  }
  $kept{$number} = $socket if $is_kept;
  $reports[$number][0]++;
  return;
}

while (time < $end) {
  for my $number (0 .. $#ways) {
    my $error = try($number, @{ $ways[$number] });
    $reports[$number][1] = $error if $error;
  }
  select undef, undef, undef, $pause;
}
print map { "$$_[0] $$_[1]\n" } @reports;
