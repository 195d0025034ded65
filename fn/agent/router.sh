#!/bin/sh
# Keeps the packet filter rules, the addresses and the routes of a gateway network's router in place and tells whether it can route.
#
#   run    loads the rules, then checks everything every INTERVAL seconds (default)
#   rules  loads the rules and ends; fails where they do not load
#   ready  succeeds when the last check found everything as wanted and is younger than 30 seconds; else says why not
#   alive  succeeds when a check was made within the last 60 seconds
#
# Reads router.env and rules.nft in CONFIG_DIR, which routers share, and from the environment what each has of its own: ADDRESSES,
# MAC and EGRESS_ADDRESSES. Writes only to STATE_DIR. Needs NET_ADMIN in the pod's network namespace.
#
# The order is what keeps a router closed: forwarding is on before this program runs, so the interface gets the addresses and the
# MAC that clients send to only when the rules are loaded. Both stay when the program ends: it may be the container alone that
# restarts, and then no packet is lost; with the pod, its interfaces go anyway.
set -uf

CONFIG_DIR=${CONFIG_DIR:-/etc/gateway-network}
STATE_DIR=${STATE_DIR:-/run/gateway-network}
STATUS=$STATE_DIR/status
INTERVAL=${INTERVAL:-5}
ADDRESSES=${ADDRESSES:-}
EGRESS_ADDRESSES=${EGRESS_ADDRESSES:-}
MAC=${MAC:-}
# What stands in for rules that do not load: nothing is forwarded.
closed='add table inet gateway_closed
add chain inet gateway_closed forward { type filter hook forward priority filter; policy drop; }'
applied='' kept='' watcher='' caller='' unsettled=5 OVERLAY_INTERFACE='' EGRESS_INTERFACE='' MTU='' BRIDGE_ANSWERS=''

case $0 in
  */*) here=${0%/*} ;;
  *) here=. ;;
esac
# shellcheck source=fn/agent/status.sh
. "$here/status.sh"
# shellcheck source=fn/agent/router-values.sh
. "$here/router-values.sh"
# shellcheck source=fn/agent/attachment.sh
. "$here/attachment.sh"
# shellcheck source=fn/agent/egress.sh
. "$here/egress.sh"
# shellcheck source=fn/agent/router-metrics.sh
. "$here/router-metrics.sh"

# Lists the tables that rules.nft declares as the kernel has them, except for their counters.
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
  up=''
  if [ ! -e "/sys/class/net/$1" ]; then
    fault "waiting for the interface $1"
  elif ! read -r up 2>/dev/null <"/sys/class/net/$1/carrier" || [ "$up" != 1 ]; then
    fault "the interface $1 is down, or what it is connected to is"
  fi
}

# Forwarding cannot be switched on from here: /proc/sys is read-only in a pod.
check_forwarding() { # IPv4|IPv6
  case $1 in
    IPv4) sysctl=net.ipv4.ip_forward file=net/ipv4/ip_forward ;;
    IPv6) sysctl=net.ipv6.conf.all.forwarding file=net/ipv6/conf/all/forwarding ;;
  esac
  value=''
  read -r value 2>/dev/null <"/proc/sys/$file"
  [ "$value" = 1 ] || fault "$sysctl is '$value', not 1: the tuning CNI plugin of the router's network must set it"
}

# Without an IPv6 default route a router that also serves IPv4 is ready, for IPv6 then goes nowhere.
check_default() { # IPv4|IPv6
  [ -z "$(ip "-${1#IPv}" route show default dev "$EGRESS_INTERFACE" 2>/dev/null)" ] || return 0
  case "$1 $FORWARDING" in
    'IPv6 '*IPv4*) note "no IPv6 default route through $EGRESS_INTERFACE: IPv6 does not leave" ;;
    *) fault "no $1 default route through $EGRESS_INTERFACE" ;;
  esac
}

# Makes sure of the way out before anybody can send: first that there is no other, then the way itself.
keep_ways() {
  [ -n "$SUBNETS" ] || return 0
  for family in $FORWARDING; do
    keep_policies "${family#IPv}" || return
  done
  keep_egress_interface
  keep_defaults
}

# A router sees its own end alone: that is up whatever the other hangs on. Asks what only the network's bridge answers, and only
# while it is connected to those of other nodes (answer.sh of the node's agent). Nobody else's answer counts.
check_bridge() {
  [ -n "$BRIDGE_ANSWERS" ] && [ -e "/sys/class/net/$OVERLAY_INTERFACE" ] || return 0
  for _ in 1 2 3; do
    ip neigh del 192.0.0.8 dev "$OVERLAY_INTERFACE" 2>/dev/null
    ip neigh add 192.0.0.8 dev "$OVERLAY_INTERFACE" use 2>/dev/null
    case $(ip neigh show 192.0.0.8 dev "$OVERLAY_INTERFACE" 2>/dev/null) in
      *' 02:67:77:6e:00:08 '*) return 0 ;;
    esac
    nap 0.1
    case $(ip neigh show 192.0.0.8 dev "$OVERLAY_INTERFACE" 2>/dev/null) in
      *' 02:67:77:6e:00:08 '*) return 0 ;;
    esac
  done
  lack "the network's bridge does not answer: $OVERLAY_INTERFACE is not on it, or it is not connected to other nodes, or its node has no agent of this release yet"
}

# What keeps it from being ready, but makes no other router the better one.
lack() {
  lacks="${lacks:+$lacks; }$1"
}

# The rules come before all else, whatever may be wrong with the rest.
check() {
  faults='' notes='' lacks='' filtered=no
  if keep_rules; then filtered=yes; fi
  if read_values; then
    if [ "$filtered" = yes ] && keep_ways; then
      keep_overlay_interface
      announce
      keep_calling
    fi
    check_link "$OVERLAY_INTERFACE"
    check_link "$EGRESS_INTERFACE"
    for family in $FORWARDING; do
      check_forwarding "$family"
      [ -n "$SUBNETS" ] || check_default "$family"
    done
    check_tunnel
    check_outside
    hear_keepalived
    check_bridge
  fi
  health=0
  [ -z "$faults" ] || health=1
  [ -z "$lacks" ] || fault "$lacks"
  write_metrics
  report
  [ -z "$VRRP" ] || track
}

# What keepalived's program says of it and of the other routers, which keeps this one from nothing.
hear_keepalived() {
  [ -n "$VRRP" ] || return 0
  if ! read_report vrrp.status || [ $((uptime - since)) -gt 20 ]; then state='it says nothing'; fi
  case $state in
    ready) ;;
    'ready; '*) note "${state#ready; }" ;;
    *) note "keepalived: $state" ;;
  esac
}

# Tells keepalived whether this router may be master, as a number: 0, or 1 for a fault.
track() {
  read_word track
  [ "$health" = "$word" ] || { echo "$health" >"$STATE_DIR/track.new" && mv "$STATE_DIR/track.new" "$STATE_DIR/track"; }
}

# Sets `seen`: what there is to be seen without starting a program, which costs more than all else here.
look() {
  seen=''
  for interface in "$OVERLAY_INTERFACE" "$EGRESS_INTERFACE"; do
    for file in ifindex flags carrier; do
      word=''
      read -r word 2>/dev/null <"/sys/class/net/$interface/$file"
      seen="$seen $word"
    done
  done
  for file in outside track; do
    read_word "$file"
    seen="$seen $word"
  done
  for file in wireguard.status vrrp.status; do
    read_report "$file"
    seen="$seen $state"
  done
}

# Waits until it is time for the next check: INTERVAL or, where others may change what the router depends on, a second while something
# is wrong or has just changed, for addresses come after their interface and are not seen; else until something does, or for eight seconds.
rest() {
  if [ -z "${WATCHFUL:-}" ] && [ -z "$faults" ]; then
    nap "$INTERVAL"
    return
  fi
  for _ in 1 2 3 4 5 6 7 8; do
    nap 1
    look
    [ "$seen" = "$before" ] || unsettled=5
    if [ -n "$faults" ] || [ "$unsettled" -gt 0 ]; then break; fi
  done
  [ "$unsettled" = 0 ] || unsettled=$((unsettled - 1))
}

run() {
  trap 'kill $napping $watcher $caller 2>/dev/null; remove_metrics; exit 0' TERM INT
  begin outside outside.new answered track.new
  forget_tunnel
  while :; do
    look
    before=$seen
    check
    rest
  done
}

case ${1:-run} in
  run) run ;;
  rules) keep_rules || {
    say "$faults"
    exit 1
  } ;;
  ready) ready ;;
  alive) alive ;;
  *)
    say "$1: must be run, rules, ready or alive"
    exit 2
    ;;
esac
