# shellcheck shell=sh disable=SC2034,SC2154 # read by wireguard.sh, which is checked with its parts
# The interface of the tunnel: made by the kernel or by wireguard-go, its addresses, its MTU.

# Whether the interface is there and whoever makes it lives.
is_there() {
  [ -e "/sys/class/net/$INTERFACE" ] && { [ "$IMPLEMENTATION" = Kernel ] || kill -0 "$daemon" 2>/dev/null; }
}

keep_device() {
  ! is_there || return 0
  applied='' kept='' kept_addresses='' handshake=0
  case $IMPLEMENTATION in
    Kernel) add_device ;;
    Userspace) start_daemon ;;
    *)
      fault "IMPLEMENTATION must be Kernel or Userspace, but is '$IMPLEMENTATION'"
      return 1
      ;;
  esac
}

add_device() {
  if answer=$(ip link add "$INTERFACE" type wireguard 2>&1); then
    say "$INTERFACE added"
    return
  fi
  case $answer in
    *'Unknown device type'* | *'not supported'*) fault "the node's kernel has no WireGuard: it needs the module wireguard, or implementation Userspace" ;;
    *) fault "$INTERFACE cannot be added: ${answer%%"$newline"*}" ;;
  esac
  return 1
}

# wireguard-go ends when its interface is deleted.
start_daemon() {
  if [ ! -c /dev/net/tun ]; then
    fault 'there is no device /dev/net/tun'
    return 1
  fi
  [ -z "$daemon" ] || kill "$daemon" 2>/dev/null
  # It is waited for, and a predecessor that was killed has left it.
  rm -rf "/run/wireguard/$INTERFACE.sock"
  LOG_LEVEL=error wireguard-go -f "$INTERFACE" &
  daemon=$!
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    nap 0.1
    if is_there && [ -S "/run/wireguard/$INTERFACE.sock" ]; then
      say "$INTERFACE added by wireguard-go"
      return
    fi
  done
  fault "wireguard-go does not make $INTERFACE: see what it says above"
  return 1
}

# Without routes to the networks of the addresses: the router's own table says what goes into the tunnel, and the pod's answers to
# the cluster must not.
keep_addresses() {
  shown=$(ip -o addr show dev "$INTERFACE" scope global)
  [ "$addresses $shown" != "$kept_addresses" ] || return 0
  own=' '
  for address in $addresses; do
    case $address in
      *:*) answer=$(ip addr replace "$address" dev "$INTERFACE" nodad noprefixroute 2>&1) ;;
      *) answer=$(ip addr replace "$address" dev "$INTERFACE" noprefixroute 2>&1) ;;
    esac
    if [ -n "$answer" ]; then
      note "$address cannot be added: ${answer%%"$newline"*}"
    else
      # as the kernel writes it
      read -r _ _ _ written _ <<END
$(ip -o addr show dev "$INTERFACE" to "${address%/*}")
END
      own="$own$written "
    fi
  done
  remove_others
  shown=$(ip -o addr show dev "$INTERFACE" scope global)
  kept_addresses="$addresses $shown"
  say "$INTERFACE: addresses$own"
}

# Those of an earlier configuration.
remove_others() {
  while read -r _ _ _ address _; do
    case $own in
      *" $address "*) ;;
      *) [ -z "$address" ] || ip addr del "$address" dev "$INTERFACE" ;;
    esac
  done <<END
$shown
END
}

# The MTU of the configuration, else what the pod's network leaves of its own.
keep_link() {
  want=$mtu
  if [ -z "$want" ]; then
    read -r room 2>/dev/null <"/sys/class/net/$UNDERLAY/mtu" || room=1500
    want=$((room - OVERHEAD))
    [ "$want" -le "$MOST" ] || want=$MOST
  fi
  read -r current 2>/dev/null <"/sys/class/net/$INTERFACE/mtu"
  read -r flags 2>/dev/null <"/sys/class/net/$INTERFACE/flags"
  # IFF_UP of net/if.h
  [ "$current" != "$want" ] || [ $((flags & 1)) = 0 ] || return 0
  if answer=$(ip link set dev "$INTERFACE" mtu "$want" up 2>&1); then
    say "$INTERFACE: up, MTU $want"
  else
    fault "$INTERFACE cannot be set up: ${answer%%"$newline"*}"
    return 1
  fi
}
