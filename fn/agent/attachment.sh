# shellcheck shell=sh disable=SC2034,SC2154 # read by router.sh, which is checked with its parts
# The router's interface on the network: its MAC address, the link, its addresses. What the kernel shows is compared with what is
# wanted, and only the difference is changed.

announcements=0

# Whether each word has the form address/prefix; the kernel's list, which they are compared with, knows the rest.
are_addresses() {
  must='a list of address/prefix'
  [ -n "$1" ] || return
  for address in $1; do
    case $address in
      *[!0-9a-fA-F.:/]* | */*/* | */ | /*) return 1 ;;
      *.*.*.*/[0-9]* | *:*:*/[0-9]*) ;;
      *) return 1 ;;
    esac
  done
}

is_mac() {
  must='a MAC address: six times two of 0-9 a-f, colons between'
  case $1 in
    *[!0-9a-f:]* | *:*:*:*:*:*:*) return 1 ;;
    ??:??:??:??:??:??) ;;
    *) return 1 ;;
  esac
}

# Changes the interface on the network, and has that announced.
change() { # WHAT COMMAND...
  what=$1
  shift
  if answer=$("$@" 2>&1); then
    say "$OVERLAY_INTERFACE: $what"
    announcements=3
  else
    fault "$OVERLAY_INTERFACE: $what: ${answer%%"$newline"*}"
  fi
}

# Without duplicate address detection, which would hold up a restart, and which a router that lives on behind a lost node could
# make fail for good.
keep_address() { # ADDRESS
  case $shown in
    *" $1 "*) flags=${shown#*" $1 "} ;;
    *) flags=absent ;;
  esac
  case ${flags%%"$newline"*} in
    absent) ;;
    *tentative* | *dadfailed*) ip addr del "$1" dev "$OVERLAY_INTERFACE" ;;
    *) return ;;
  esac
  case $1 in
    *:*) change "address $1 added" ip addr add "$1" dev "$OVERLAY_INTERFACE" nodad ;;
    *) change "address $1 added" ip addr add "$1" dev "$OVERLAY_INTERFACE" ;;
  esac
}

# Lets the nodes' bridges and the clients know where the addresses are now. The kernel does so for all of them when the MAC is set,
# to what it was as well (sysctls arp_notify and ndisc_notify). Three times: a node that has just joined may miss the first.
announce() {
  [ "$announcements" -gt 0 ] || return 0
  announcements=$((announcements - 1))
  ip link set dev "$OVERLAY_INTERFACE" address "$MAC"
}

keep_interface() {
  link=$(ip -o link show dev "$OVERLAY_INTERFACE" 2>/dev/null) || return
  case $link in
    *" link/ether $MAC "*) ;;
    *) change "MAC set to $MAC" ip link set dev "$OVERLAY_INTERFACE" address "$MAC" ;;
  esac
  case $link in
    *[\<,]UP[,\>]*) ;;
    *) change 'set up' ip link set dev "$OVERLAY_INTERFACE" up ;;
  esac
  shown=$(ip -o addr show dev "$OVERLAY_INTERFACE")
  for address in $ADDRESSES; do
    keep_address "$address"
  done
  announce
}
