#!/bin/sh
# Keeps the packet filter rules of a gateway network's router in place and tells whether it can route.
#
#   run    loads the rules, then checks everything every INTERVAL seconds (default)
#   ready  succeeds when the last check found everything as wanted and is younger than 30 seconds; else says why not
#   alive  succeeds when a check was made within the last 60 seconds
#
# Reads router.env and rules.nft in CONFIG_DIR, writes only to STATE_DIR; routers that share router.env have their ADDRESSES in the
# environment instead. Needs NET_ADMIN in the pod's network namespace. The rules stay when the program ends: without them a
# router forwards everything.
set -uf

CONFIG_DIR=${CONFIG_DIR:-/etc/gateway-network}
STATE_DIR=${STATE_DIR:-/run/gateway-network}
INTERVAL=${INTERVAL:-5}
own_addresses=${ADDRESSES:-}
newline='
'
# What stands in for rules that do not load: nothing is forwarded.
closed='add table inet gateway_closed
add chain inet gateway_closed forward { type filter hook forward priority filter; policy drop; }'
faults='' notes='' said='' napping='' applied='' kept='' announced=''

say() {
  printf '%s\n' "$1"
}

# What keeps the router from being ready.
fault() {
  faults="${faults:+$faults; }$1"
}

# What is worth knowing of a router that is ready all the same.
note() {
  notes="${notes:+$notes; }$1"
}

is_interface() {
  must='an interface name: 1 to 15 of A-Z a-z 0-9 . _ -'
  case $1 in
    '' | -* | . | .. | *[!A-Za-z0-9._-]* | ????????????????*) return 1 ;;
  esac
}

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

are_families() {
  must='a list of IPv4 and IPv6'
  [ -n "$1" ] || return
  for family in $1; do
    case $family in
      IPv4 | IPv6) ;;
      *) return 1 ;;
    esac
  done
}

take_value() { # KEY VALUE
  must=''
  case $1 in
    OVERLAY_INTERFACE) is_interface "$2" && OVERLAY_INTERFACE=$2 ;;
    EGRESS_INTERFACE) is_interface "$2" && EGRESS_INTERFACE=$2 ;;
    ADDRESSES) ADDRESSES=$2 ;;
    FORWARDING) are_families "$2" && FORWARDING=$2 ;;
    *) return 1 ;;
  esac
}

# Reads router.env: lines KEY=value, data and never code. Where it cannot be used, the reason is a fault.
read_values() {
  OVERLAY_INTERFACE='' EGRESS_INTERFACE='' FORWARDING='' ADDRESSES=$own_addresses
  if [ ! -r "$CONFIG_DIR/router.env" ]; then
    fault "router.env cannot be read in $CONFIG_DIR"
    return 1
  fi
  while IFS= read -r line || [ -n "$line" ]; do
    [ -n "$line" ] || continue
    take_value "${line%%=*}" "${line#*=}" && continue
    must=${must:+"must be $must, but is '${line#*=}'"}
    fault "router.env: ${line%%=*} ${must:-is not a key that is known}"
    return 1
  done <"$CONFIG_DIR/router.env"
  if [ -z "$OVERLAY_INTERFACE" ] || [ -z "$EGRESS_INTERFACE" ] || [ -z "$FORWARDING" ]; then
    fault 'router.env must have OVERLAY_INTERFACE, EGRESS_INTERFACE and FORWARDING'
    return 1
  fi
  if ! are_addresses "$ADDRESSES"; then
    fault "ADDRESSES must be $must, but is '$ADDRESSES'"
    return 1
  fi
}

# Lists the tables that rules.nft declares as the kernel has them, but for their counters.
list_tables() {
  while read -r word family name _; do
    [ "$word" != table ] || nft -s list table "$family" "$name" 2>&1
  done <"$CONFIG_DIR/rules.nft"
}

# Loads rules.nft, in one transaction, unless its tables are as they were when it was loaded.
keep_rules() {
  text=$(cat "$CONFIG_DIR/rules.nft" 2>/dev/null)
  [ -z "$applied" ] || [ "$text" != "$applied" ] || [ "$(list_tables)" != "$kept" ] || return 0
  if answer=$(nft -f "$CONFIG_DIR/rules.nft" 2>&1); then
    say 'packet filter rules loaded'
    applied=$text
    kept=$(list_tables)
    nft 'add table inet gateway_closed; delete table inet gateway_closed'
  else
    fault "the packet filter rules cannot be loaded: ${answer%%"$newline"*}"
    if [ -z "$applied" ] || [ "$(list_tables)" != "$kept" ]; then
      nft "$closed"
    fi
  fi
}

# Makes the router's MAC address known to the nodes, whose bridges may have it elsewhere: the announcement of the bridge CNI
# plugin is lost, as it is sent before the port forwards. To ask for a neighbour, any one, is a broadcast. (IPv6 does so itself.)
announce() { # ADDRESS
  case "$1 $announced " in
    *:* | *" $1 "*) return ;;
  esac
  neighbour=$((${1##*.} + 1))
  [ "$neighbour" -lt 255 ] || neighbour=$((neighbour - 2))
  ip neigh replace "${1%.*}.$neighbour" dev "$OVERLAY_INTERFACE" use
  announced="$announced $1"
}

check_addresses() {
  if ! shown=$(ip -o addr show dev "$OVERLAY_INTERFACE" 2>/dev/null); then
    fault "waiting for the interface $OVERLAY_INTERFACE"
    return
  fi
  for address in $ADDRESSES; do
    case $shown in
      *" $address "*) flags=${shown#*" $address "} ;;
      *) flags=absent ;;
    esac
    case ${flags%%"$newline"*} in
      *dadfailed*) fault "the address $address on $OVERLAY_INTERFACE is in use elsewhere (dadfailed)" ;;
      absent | *tentative*) fault "waiting for the address $address on $OVERLAY_INTERFACE" ;;
      *) announce "${address%/*}" ;;
    esac
  done
}

# Forwarding cannot be switched on from here: /proc/sys is read-only in a pod. Without an IPv6 default route a router that also
# serves IPv4 is ready, for IPv6 then goes nowhere.
check_family() { # IPv4|IPv6
  case $1 in
    IPv4) sysctl=net.ipv4.ip_forward file=net/ipv4/ip_forward ;;
    IPv6) sysctl=net.ipv6.conf.all.forwarding file=net/ipv6/conf/all/forwarding ;;
  esac
  value=''
  read -r value 2>/dev/null <"/proc/sys/$file"
  [ "$value" = 1 ] || fault "$sysctl is '$value', not 1: the tuning CNI plugin of the router's network must set it"
  [ -z "$(ip "-${1#IPv}" route show default dev "$EGRESS_INTERFACE" 2>/dev/null)" ] || return 0
  case "$1 $FORWARDING" in
    'IPv6 '*IPv4*) note "no IPv6 default route through $EGRESS_INTERFACE: IPv6 does not leave" ;;
    *) fault "no $1 default route through $EGRESS_INTERFACE" ;;
  esac
}

# The rules come before all else, whatever may be wrong with the rest.
check() {
  faults='' notes=''
  keep_rules
  if read_values; then
    check_addresses
    for family in $FORWARDING; do
      check_family "$family"
    done
  fi
  report
}

# Sets `uptime`, in whole seconds: a clock that nobody turns back.
read_uptime() {
  read -r uptime _ </proc/uptime
  uptime=${uptime%.*}
}

# Ends a check: its result goes to the status file, and to the log where it is another than before.
report() {
  if [ -n "$faults" ]; then
    state="not ready: $faults"
  else
    state="ready${notes:+; $notes}"
  fi
  if [ "$state" != "$said" ]; then
    say "$state"
    said=$state
  fi
  read_uptime
  printf '%s %s\n' "$uptime" "$state" >"$STATE_DIR/status.new"
  mv "$STATE_DIR/status.new" "$STATE_DIR/status"
}

run() {
  trap 'kill $napping 2>/dev/null; exit 0' TERM INT
  mkdir -p "$STATE_DIR"
  rm -f "$STATE_DIR/status"
  while :; do
    check
    sleep "$INTERVAL" &
    napping=$!
    wait "$napping"
  done
}

# Reads the status file and checks that it is no older than so many seconds.
read_status() {
  if ! read -r since state 2>/dev/null <"$STATE_DIR/status"; then
    say 'not ready: no check has been made yet'
    return 1
  fi
  read_uptime
  if [ $((uptime - since)) -gt "$1" ]; then
    say "not ready: the last check was $((uptime - since)) seconds ago"
    return 1
  fi
}

ready() {
  read_status 30 || return
  say "$state"
  [ "${state#ready}" != "$state" ]
}

case ${1:-run} in
  run) run ;;
  ready) ready ;;
  alive) read_status 60 ;;
  *)
    say "$1: must be run, ready or alive"
    exit 2
    ;;
esac
