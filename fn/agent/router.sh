#!/bin/sh
# Keeps the packet filter rules and the addresses of a gateway network's router in place and tells whether it can route.
#
#   run    loads the rules, then checks everything every INTERVAL seconds (default)
#   ready  succeeds when the last check found everything as wanted and is younger than 30 seconds; else says why not
#   alive  succeeds when a check was made within the last 60 seconds
#
# Reads router.env and rules.nft in CONFIG_DIR, which routers share, and from the environment what each has of its own: ADDRESSES
# and MAC. Writes only to STATE_DIR. Needs NET_ADMIN in the pod's network namespace.
#
# The order is what keeps a router closed: forwarding is on before this program runs, so the interface gets the addresses and the
# MAC that clients send to only when the rules are loaded. Both stay when the program ends: it may be the container alone that
# restarts, and then no packet is lost; with the pod, its interfaces go anyway.
set -uf

CONFIG_DIR=${CONFIG_DIR:-/etc/gateway-network}
STATE_DIR=${STATE_DIR:-/run/gateway-network}
INTERVAL=${INTERVAL:-5}
ADDRESSES=${ADDRESSES:-}
MAC=${MAC:-}
newline='
'
# What stands in for rules that do not load: nothing is forwarded.
closed='add table inet gateway_closed
add chain inet gateway_closed forward { type filter hook forward priority filter; policy drop; }'
faults='' notes='' said='' napping='' applied='' kept=''

case $0 in
  */*) here=${0%/*} ;;
  *) here=. ;;
esac
# shellcheck source=fn/agent/attachment.sh
. "$here/attachment.sh"

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
    FORWARDING) are_families "$2" && FORWARDING=$2 ;;
    *) return 1 ;;
  esac
}

# Reads router.env: lines KEY=value, data and never code. Where it cannot be used, the reason is a fault.
read_values() {
  OVERLAY_INTERFACE='' EGRESS_INTERFACE='' FORWARDING=''
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
  elif ! are_addresses "$ADDRESSES"; then
    fault "ADDRESSES must be $must, but is '$ADDRESSES'"
  elif ! is_mac "$MAC"; then
    fault "MAC must be $must, but is '$MAC'"
  else
    return 0
  fi
  return 1
}

# Lists the tables that rules.nft declares as the kernel has them, but for their counters.
list_tables() {
  while read -r word family name _; do
    [ "$word" != table ] || nft -s list table "$family" "$name" 2>&1
  done <"$CONFIG_DIR/rules.nft"
}

# Loads rules.nft, in one transaction, unless its tables are as they were when it was loaded. Fails where the kernel then has
# no rules of ours.
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
      return 1
    fi
  fi
}

check_link() { # INTERFACE
  case $(ip -o link show dev "$1" 2>/dev/null) in
    '') fault "waiting for the interface $1" ;;
    *,LOWER_UP[,\>]*) ;;
    *) fault "the interface $1 is down, or what it is connected to is" ;;
  esac
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
  faults='' notes='' filtered=no
  if keep_rules; then filtered=yes; fi
  if read_values; then
    if [ "$filtered" = yes ]; then keep_interface; fi
    check_link "$OVERLAY_INTERFACE"
    check_link "$EGRESS_INTERFACE"
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
