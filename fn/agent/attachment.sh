# shellcheck shell=sh disable=SC2034,SC2154 # read by router.sh, which is checked with its parts
# The router's interfaces on the network and on that of its egress: MAC address, link, addresses. What the kernel shows is compared
# with what is wanted, and only the difference is changed.

announcements=0 egress_mac=''

# Changes an interface, and has that announced.
change() { # INTERFACE WHAT COMMAND...
  what="$1: $2"
  shift 2
  if answer=$("$@" 2>&1); then
    say "$what"
    announcements=3
  else
    fault "$what: ${answer%%"$newline"*}"
  fi
}

# Without duplicate address detection, which would hold up a restart, and which a router that lives on behind a lost node could
# make fail for good.
keep_address() { # INTERFACE ADDRESS
  case $shown in
    *" $2 "*) flags=${shown#*" $2 "} ;;
    *) flags=absent ;;
  esac
  case ${flags%%"$newline"*} in
    absent) ;;
    *tentative* | *dadfailed*) ip addr del "$2" dev "$1" ;;
    *) return 0 ;;
  esac
  case $2 in
    *:*) change "$1" "address $2 added" ip addr add "$2" dev "$1" nodad ;;
    *) change "$1" "address $2 added" ip addr add "$2" dev "$1" ;;
  esac
}

# Lets the nodes' bridges, the clients and the neighbours outside know where the addresses are now. The kernel does so for all of
# them when the MAC is set, to what it was as well (sysctls arp_notify and ndisc_notify). Three times: a node that has just joined may
# miss the first.
announce() {
  [ "$announcements" -gt 0 ] || return 0
  announcements=$((announcements - 1))
  ip link set dev "$OVERLAY_INTERFACE" address "$MAC"
  [ -z "$egress_mac" ] || ip link set dev "$EGRESS_INTERFACE" address "$egress_mac"
}

# Calls all clients once a second while this router has the gateway's IPv6 address. A client that has given up a silent gateway takes the
# on-link route and looks for the gateway again only once a minute (RFC 4191, section 3.5); to answer a call, it does so at once. The
# answers themselves are dropped. IPv4 asks each time.
call_clients() {
  trap 'kill $napping 2>/dev/null; exit' TERM
  while kill -0 "$$" 2>/dev/null; do
    ping -n -q -c 5 -i 1 -W 1 -I "$CALL_FROM" "ff02::1%$OVERLAY_INTERFACE" >/dev/null 2>&1 &
    napping=$!
    wait "$napping"
    # Where it cannot send, a standby has the address later.
    [ $? -lt 2 ] || nap 1
  done
}

keep_calling() {
  [ -n "$CALL_FROM" ] && ! kill -0 "$caller" 2>/dev/null || return 0
  call_clients &
  caller=$!
}

keep_up() { # INTERFACE, whose link is in `link`
  case $link in
    *[\<,]UP[,\>]*) ;;
    *) change "$1" 'set up' ip link set dev "$1" up ;;
  esac
}

keep_addresses() { # INTERFACE ADDRESS...
  interface=$1
  shift
  shown=$(ip -o addr show dev "$interface")
  for address; do
    keep_address "$interface" "$address"
  done
}

# The MTU is that of the attachment which the pod was made by, and that may be of another time. It can be lowered from here; one
# that is too low is the node's end's, too, which would drop what is larger.
keep_mtu() { # the link is in `link`
  actual=${link##* mtu }
  actual=${actual%% *}
  if [ "$actual" -gt "$MTU" ]; then
    change "$OVERLAY_INTERFACE" "MTU set to $MTU, it was $actual" ip link set dev "$OVERLAY_INTERFACE" mtu "$MTU"
  elif [ "$actual" -lt "$MTU" ]; then
    lack "$OVERLAY_INTERFACE has the MTU $actual, not $MTU: this pod is older than its attachment and has to be made anew"
  fi
}

keep_overlay_interface() {
  link=$(ip -o link show dev "$OVERLAY_INTERFACE" 2>/dev/null) || return
  case $link in
    *" link/ether $MAC "*) ;;
    *) change "$OVERLAY_INTERFACE" "MAC set to $MAC" ip link set dev "$OVERLAY_INTERFACE" address "$MAC" ;;
  esac
  [ -z "$MTU" ] || keep_mtu
  keep_up "$OVERLAY_INTERFACE"
  # shellcheck disable=SC2086 # a list
  keep_addresses "$OVERLAY_INTERFACE" $ADDRESSES
}

# The interface of an egress that brings its own address is left alone.
keep_egress_interface() {
  [ -n "$EGRESS_ADDRESSES" ] || return 0
  link=$(ip -o link show dev "$EGRESS_INTERFACE" 2>/dev/null) || return
  egress_mac=${link#*link/ether }
  egress_mac=${egress_mac%% *}
  keep_up "$EGRESS_INTERFACE"
  # shellcheck disable=SC2086 # a list
  keep_addresses "$EGRESS_INTERFACE" $EGRESS_ADDRESSES
}
