# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# Links, addresses and the bridge. What the kernel shows is compared with what is wanted, and only the difference is changed.

# The alias of links that are ours. A link without it is adopted unless something else plainly uses it.
mark=gateway-network

# Reads a link's one-line description into `link`; fails where there is none.
read_link() {
  link=$(ip -d -o link show dev "$1" 2>/dev/null)
}

# Sets `found` to the word after another one, or to nothing.
word_after() { # WORD TEXT
  found=''
  case " $2" in
    *" $1 "*)
      found=" $2"
      found=${found#*" $1 "}
      found=${found%%[ \\]*}
      ;;
  esac
}

# Whether the link in `link` is of a kind; `details` gets what only that kind has.
is_kind() {
  case $link in
    *"\\    $1 "*) ;;
    *) return 1 ;;
  esac
  details=${link#*"\\    $1 "}
  details=${details%%\\*}
}

is_ours() {
  case $link in
    *"\\    alias $mark" | *"\\    alias $mark\\"*) ;;
    *) return 1 ;;
  esac
}

# Reads the node's addresses: `held` has interface=address for each and `own` the address alone, `usable` those of the underlay's
# family that may be a source, `stray` the interfaces with a link-local one.
read_addresses() {
  held=' ' own='' usable=' ' stray=' '
  while read -r _ interface version address flags; do
    address=${address%/*}
    case $version in
      inet) version=IPv4 ;;
      inet6) version=IPv6 ;;
      *) continue ;;
    esac
    case $flags in
      *'scope link'*)
        stray="$stray$interface "
        continue
        ;;
    esac
    held="$held$interface=$address " own="$own$address "
    case $version$flags in
      *tentative* | *deprecated* | *temporary* | *dadfailed*) ;;
      "$UNDERLAY_FAMILY"*) usable="$usable$interface=$address " ;;
    esac
  done <<EOF
$(ip -o addr show)
EOF
}

# Sets what differs of the link in `link`, beside what only its kind has and is given as arguments.
settle() { # INTERFACE [ATTRIBUTE VALUE]...
  interface=$1
  shift
  word_after mtu "$link"
  [ "$found" = "$MTU" ] || set -- mtu "$MTU" "$@"
  word_after addrgenmode "$link"
  [ "${found:-none}" = none ] || set -- addrgenmode none "$@"
  is_ours || set -- alias "$mark" "$@"
  [ $# -eq 0 ] || change "$interface: set $*" ip link set dev "$interface" "$@" || return
  case $stray in
    *" $interface "*) change "$interface: addresses removed" ip addr flush dev "$interface" || return ;;
  esac
  # Last, so that no link-local address comes into being.
  case $link in
    *[\<,]UP[,\>]*) ;;
    *) change "$interface: set up" ip link set dev "$interface" up ;;
  esac
}

# Whether the bridge in `link` may be taken for ours: it has no address, and nothing but pods and VXLANs attached.
is_free_bridge() {
  case $held in
    *" $BRIDGE="*)
      fault "$BRIDGE is not ours, it has an address: left alone"
      return 1
      ;;
  esac
  while read -r port; do
    case $port in
      '' | *'\    veth '* | *'\    vxlan '*) ;;
      *)
        fault "$BRIDGE is not ours, it has a port that is no pod's: left alone"
        return 1
        ;;
    esac
  done <<EOF
$(ip -d -o link show master "$BRIDGE")
EOF
}

keep_bridge() {
  if ! read_link "$BRIDGE"; then
    # Without the MTU: the kernel lets the ports decide it unless it is changed afterwards.
    change "$BRIDGE: bridge created" ip link add dev "$BRIDGE" type bridge mcast_snooping 0 stp_state 0 || return
    read_link "$BRIDGE" || return
  fi
  if ! is_kind bridge; then
    fault "$BRIDGE exists and is no bridge: left alone"
    return 1
  fi
  is_ours || is_free_bridge || return
  case $held in
    *" $BRIDGE="*) stray="$stray$BRIDGE " ;;
  esac
  set --
  word_after stp_state "$details"
  [ "$found" = 0 ] || set -- stp_state 0 "$@"
  word_after mcast_snooping "$details"
  [ "$found" = 0 ] || set -- mcast_snooping 0 "$@"
  [ $# -eq 0 ] || set -- type bridge "$@"
  settle "$BRIDGE" "$@"
}
