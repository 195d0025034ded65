#!/bin/sh
# Keeps the bridge, the VXLAN and the packet filter rules of one gateway network on a node.
#
#   run    makes the wanted state and keeps it: every INTERVAL seconds and after each change of a link or an address (default)
#   ready  succeeds when the last pass found or made everything as wanted and is younger than 30 seconds; else says why not
#   alive  succeeds when a pass was made within the last 60 seconds
#   down   removes what is ours, unless pods are attached to the bridge
#
# Reads network.env and rules.nft in CONFIG_DIR, writes only to STATE_DIR. HOST_IP is the node's address as Kubernetes knows it.
# Needs NET_ADMIN in the node's network namespace and nothing else.
set -uf

CONFIG_DIR=${CONFIG_DIR:-/etc/gateway-network}
STATE_DIR=${STATE_DIR:-/run/gateway-network}
HOST_IP=${HOST_IP:-}
INTERVAL=${INTERVAL:-10}
newline='
'
faults='' notes='' said='' napping=''

case $0 in
  */*) here=${0%/*} ;;
  *) here=. ;;
esac
# shellcheck source=fn/agent/values.sh
. "$here/values.sh"
# shellcheck source=fn/agent/links.sh
. "$here/links.sh"
# shellcheck source=fn/agent/vxlan.sh
. "$here/vxlan.sh"
# shellcheck source=fn/agent/peers.sh
. "$here/peers.sh"
# shellcheck source=fn/agent/rules.sh
. "$here/rules.sh"

say() {
  printf '%s\n' "$1"
}

# What keeps the node from being ready.
fault() {
  faults="${faults:+$faults; }$1"
}

# What is worth knowing of a node that is ready all the same.
note() {
  notes="${notes:+$notes; }$1"
}

# Makes one change, given what it is and the command, and says so; a failure is a fault.
change() {
  what=$1
  shift
  if answer=$("$@" 2>&1); then
    say "$what"
  else
    fault "$what: failed: ${answer%%"$newline"*}"
    return 1
  fi
}

# Sleeps so that a signal is answered at once.
nap() {
  sleep "$1" &
  napping=$!
  wait "$napping"
  napping=''
}

# Sets `uptime`, in whole seconds: a clock that nobody turns back.
read_uptime() {
  read -r uptime _ </proc/uptime
  uptime=${uptime%.*}
}

# Ends a pass: its result goes to the status file, and to the log where it is another than before.
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

# The rules come first: a bridge without them is open to the node.
pass() {
  faults='' notes=''
  keep_tables
  read_addresses
  if keep_bridge && [ -n "$VXLAN" ] && keep_vxlan; then
    keep_peers
  fi
  each_rule keep_rule
  report
}

# Wakes the loop through the pipe, unless it has been woken and not looked yet. Ends with the loop.
wake() { # REASON
  kill -0 "$$" 2>/dev/null || exit
  if [ ! -e "$STATE_DIR/woken" ]; then
    : >"$STATE_DIR/woken"
    echo "$1" >&3
  fi
}

# Looks the peers up, then wakes the loop, again and again. A slow name server delays only this.
tick() {
  exec 3>"$STATE_DIR/wake"
  trap 'kill $napping 2>/dev/null; exit' TERM
  while :; do
    [ "$FLOODING" != Discovered ] || look_up_peers
    wake timer
    nap "$INTERVAL"
  done
}

# Wakes the loop when a link or an address changes. The veth ends of pods come and go without mattering here.
watch() {
  exec 3>"$STATE_DIR/wake"
  monitor=''
  trap 'kill $monitor $napping 2>/dev/null; exit' TERM
  rm -f "$STATE_DIR/events"
  mkfifo "$STATE_DIR/events"
  while :; do
    ip -o monitor link address >"$STATE_DIR/events" 3>&- &
    monitor=$!
    while read -r event; do
      case $event in
        *@if[0-9]*) ;;
        *) wake event ;;
      esac
    done <"$STATE_DIR/events"
    wait "$monitor"
    nap 1
  done
}

has_pods() {
  while read -r _ port _; do
    port=${port%:}
    case ${port%%@*} in
      '' | "$VXLAN") ;;
      *) return 0 ;;
    esac
  done <<EOF
$(ip -o link show master "$BRIDGE" 2>/dev/null)
EOF
  return 1
}

# Removes what is ours. A bridge that is deleted under its pods cuts them off for good.
take_down() {
  if read_link "$BRIDGE" && is_ours && has_pods; then
    say "$BRIDGE: pods are attached, everything stays in place"
    return
  fi
  for interface in $VXLAN $BRIDGE; do
    if read_link "$interface" && is_ours; then
      change "$interface: deleted" ip link del dev "$interface"
    fi
  done
  delete_tables
  each_rule remove_rule
}

leave() {
  # shellcheck disable=SC2086 # none of them need be running
  kill ${ticker:-} ${watcher:-} $napping 2>/dev/null
  [ -z "$BRIDGE" ] || take_down
  exit 0
}

run() {
  mkdir -p "$STATE_DIR"
  rm -f "$STATE_DIR/wake" "$STATE_DIR/woken" "$STATE_DIR/status"
  mkfifo "$STATE_DIR/wake"
  exec 3<>"$STATE_DIR/wake"
  trap leave TERM INT
  until read_values; do
    faults=$problem
    report
    nap "$INTERVAL"
  done
  tick &
  ticker=$!
  watch &
  watcher=$!
  reason=timer
  while :; do
    rm -f "$STATE_DIR/woken"
    pass
    # A fight over a link stays cheap: it is answered once a second.
    [ "$reason" = timer ] || nap 1
    read -r reason <&3
  done
}

# Reads the status file and checks that it is no older than so many seconds.
read_status() {
  if ! read -r since state 2>/dev/null <"$STATE_DIR/status"; then
    say 'not ready: no pass has been made yet'
    return 1
  fi
  read_uptime
  if [ $((uptime - since)) -gt "$1" ]; then
    say "not ready: the last pass was $((uptime - since)) seconds ago"
    return 1
  fi
}

ready() {
  read_status 30 || return
  say "$state"
  [ "${state#ready}" != "$state" ]
}

down() {
  if ! read_values; then
    say "$problem"
    return 1
  fi
  take_down
  [ -z "$faults" ] || say "$faults"
  [ -z "$faults" ]
}

case ${1:-run} in
  run) run ;;
  ready) ready ;;
  alive) read_status 60 ;;
  down) down ;;
  *)
    say "$1: must be run, ready, alive or down"
    exit 2
    ;;
esac
