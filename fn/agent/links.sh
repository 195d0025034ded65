# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# Links, addresses and the bridge. What the kernel shows is compared with what is wanted, and only the difference is changed.

backslash=\\ grouped=unknown

# Reads a link: what each has into `head`, what only its kind has into `kind` and `details`, and its `alias`. Fails where there is
# none. The parts are split off by IFS, and words looked up one by one: to cut a long text by patterns takes a shell long.
read_link() { # INTERFACE
  head='' kind='' details='' alias=''
  link=$(ip -d -o link show dev "$1" 2>/dev/null) || return
  IFS=$backslash
  for part in $link; do
    case $part in
      '    link/'* | '    altname '*) ;;
      '    alias '*) alias=${part#'    alias '} ;;
      '    '*)
        [ -n "$kind" ] || details=${part#'    '}
        kind=${details%% *}
        ;;
      *) head=$part ;;
    esac
  done
  unset IFS
}

# Sets `found` to the word after another one, or to nothing.
word_after() { # WORD TEXT
  found='' last=''
  for found in $2; do
    [ "$last" != "$1" ] || return 0
    last=$found
  done
  found=''
}

# Whether the link that was read bears the mark of our network, whichever of its agents has set it. Sets `holder` to that agent's pod.
is_ours() {
  holder=''
  case $alias in
    "$released") ;;
    "$released "*) holder=${alias#"$released "} ;;
    *) return 1 ;;
  esac
}

# Whether the link, which `is_ours` has denied, bears the mark of another network.
is_marked_otherwise() { # INTERFACE
  case $alias in
    'gateway-network '*) fault "$1 is not ours, its alias is '$alias': left alone" ;;
    *) return 1 ;;
  esac
}

# Reads the node's addresses: `held` has interface=address for each and `own` the address alone, `usable` those of the underlay's
# family that may be a source, `stray` the interfaces with a link-local one.
read_addresses() {
  held=' ' own='' usable=' ' stray=' '
  lines=$(ip -o addr show)
  IFS=$newline
  for line in $lines; do
    unset IFS
    # shellcheck disable=SC2086 # to be split
    set -- $line
    interface=$2 address=${4%/*}
    case $3 in
      inet) version=IPv4 ;;
      inet6) version=IPv6 ;;
      *) continue ;;
    esac
    case $line in
      *'scope link'*)
        stray="$stray$interface "
        continue
        ;;
    esac
    held="$held$interface=$address " own="$own$address "
    case $version$line in
      *tentative* | *deprecated* | *temporary* | *dadfailed*) ;;
      "$UNDERLAY_FAMILY"*) usable="$usable$interface=$address " ;;
    esac
  done
  unset IFS
}

# Sets what differs of the link that was read, beside what only its kind has and is given as arguments.
settle() { # INTERFACE [ATTRIBUTE VALUE]...
  interface=$1
  shift
  word_after mtu "$head"
  [ "$found" = "$MTU" ] || set -- mtu "$MTU" "$@"
  word_after addrgenmode "$link"
  [ "${found:-none}" = none ] || set -- addrgenmode none "$@"
  [ "$alias" = "$mark" ] || set -- alias "$mark" "$@"
  [ $# -eq 0 ] || change "$interface: set $*" ip link set dev "$interface" "$@" || return
  case $stray in
    *" $interface "*) change "$interface: addresses removed" ip addr flush dev "$interface" || return ;;
  esac
  # Last, so that no link-local address comes into being.
  case $head in
    *[\<,]UP[,\>]*) ;;
    *) change "$interface: set up" ip link set dev "$interface" up ;;
  esac
}

# Whether the bridge that was read may be taken for ours: it has no address, and nothing but pods and VXLANs attached.
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

# Makes the bridge, or sets what differs of it.
keep_bridge() {
  if ! read_link "$BRIDGE"; then
    if [ -n "$claimed" ] && is_kept_otherwise; then
      return 1
    fi
    # Without the MTU: the kernel lets the ports decide it unless it is changed afterwards.
    change "$BRIDGE: bridge created" ip link add dev "$BRIDGE" type bridge mcast_snooping 0 stp_state 0 || return
    read_link "$BRIDGE" || return
  fi
  # Another agent may have come since the pass began.
  if is_ours && is_superseded; then
    return 1
  fi
  case $held in
    *" $BRIDGE="*) stray="$stray$BRIDGE " ;;
  esac
  set --
  word_after stp_state "$details"
  [ "$found" = 0 ] || set -- stp_state 0 "$@"
  word_after mcast_snooping "$details"
  [ "$found" = 0 ] || set -- mcast_snooping 0 "$@"
  [ $# -eq 0 ] || set -- type bridge "$@"
  settle "$BRIDGE" "$@" && claimed=yes && keep_mac
}

# Has the bridge keep its MAC address, once it was set by somebody (kernel: NET_ADDR_SET). By itself it takes the least of its ports', and
# with each change the kernel forgets the bridge's neighbours (answer.sh).
keep_mac() {
  assigned=3
  read -r assigned 2>/dev/null <"/sys/class/net/$BRIDGE/addr_assign_type"
  [ "$assigned" != 3 ] || return 0
  read -r address <"/sys/class/net/$BRIDGE/address"
  ip link set dev "$BRIDGE" address "$address" || fault "$BRIDGE: its MAC address cannot be set"
}

# Puts the pods' ends into the group that the bridge table of rules.nft knows the network's ports by, and back on the bridge.
keep_ports() {
  if [ -n "$ENTRY" ]; then
    # A fault here is no reason to leave the rest alone.
    keep_identities || :
    return 0
  fi
  ports=$(ip -o link show master "$BRIDGE")
  if [ -z "$PORT_GROUP" ] || [ "$ports" = "$grouped" ]; then
    return
  fi
  attach_again
  grouped=$ports
  while read -r _ port rest; do
    port=${port%:}
    case "$port $rest " in
      ' '* | "$VXLAN "* | *" group $PORT_GROUP "*) ;;
      *)
        change "${port%%@*}: put into the group of the network's ports" ip link set dev "${port%%@*}" group "$PORT_GROUP"
        grouped=unknown
        ;;
    esac
  done <<EOF
$ports
EOF
}

# Attaches the pods' ends that have lost their bridge: it was deleted under them, and they are still in the group.
attach_again() {
  while read -r _ port rest; do
    port=${port%:}
    port=${port%%@*}
    case "$port $rest " in
      ' '* | "$VXLAN "* | *' master '*) ;;
      *) change "$port: attached to $BRIDGE again" ip link set dev "$port" master "$BRIDGE" ;;
    esac
  done <<EOF
$(ip -o link show group "$PORT_GROUP")
EOF
}

# Whether anything but a VXLAN is attached to a bridge.
has_pods() { # BRIDGE
  while read -r port; do
    case $port in
      '' | *'\    vxlan '*) ;;
      *) return 0 ;;
    esac
  done <<EOF
$(ip -d -o link show master "$1" 2>/dev/null)
EOF
  return 1
}
