#!/bin/sh
# Keeps the bridge, the VXLAN and the packet filter rules of one gateway network on a node.
#
#   run    makes the wanted state and keeps it: every INTERVAL seconds and when a link, an address, a peer or a rule changes (default)
#   ready  succeeds when the last pass found or made everything as wanted and is younger than 30 seconds; else says why not
#   alive  succeeds when a pass was made within the last 60 seconds
#   down   removes what is ours, unless pods are attached to the bridge
#
# Reads network.env, attachments.json and rules.nft in CONFIG_DIR and the files in CNI_RESULTS, writes only to STATE_DIR and
# METRICS_FILE. HOST_IP is the node's address as Kubernetes knows it, POD_NAME the pod's name, POD_NAMESPACE its namespace. Needs NET_ADMIN in the node's network namespace, and NET_RAW too where it manages
# iptables-legacy.
set -uf

CONFIG_DIR=${CONFIG_DIR:-/etc/gateway-network}
STATE_DIR=${STATE_DIR:-/run/gateway-network}
HOST_IP=${HOST_IP:-}
POD_NAME=${POD_NAME:-}
POD_NAMESPACE=${POD_NAMESPACE:-}
INTERVAL=${INTERVAL:-15}
STATUS=$STATE_DIR/status
changes=0 repairs=0 due=yes

case $0 in
  */*) here=${0%/*} ;;
  *) here=. ;;
esac
# shellcheck source=fn/agent/status.sh
. "$here/status.sh"
# shellcheck source=fn/agent/values.sh
. "$here/values.sh"
# shellcheck source=fn/agent/links.sh
. "$here/links.sh"
# shellcheck source=fn/agent/answer.sh
. "$here/answer.sh"
# shellcheck source=fn/agent/identities.sh
. "$here/identities.sh"
# shellcheck source=fn/agent/ports.sh
. "$here/ports.sh"
# shellcheck source=fn/agent/vxlan.sh
. "$here/vxlan.sh"
# shellcheck source=fn/agent/peers.sh
. "$here/peers.sh"
# shellcheck source=fn/agent/rules.sh
. "$here/rules.sh"
# shellcheck source=fn/agent/overlay.sh
. "$here/overlay.sh"
# shellcheck source=fn/agent/iptables.sh
. "$here/iptables.sh"
# shellcheck source=fn/agent/charge.sh
. "$here/charge.sh"
# shellcheck source=fn/agent/metrics.sh
. "$here/metrics.sh"
# shellcheck source=fn/agent/events.sh
. "$here/events.sh"

# Makes one change, given what it is and the command, and says so; a failure is a fault. It is a repair unless it is due: because
# the agent has just started, or because the peers are others.
change() {
  what=$1
  shift
  if answer=$("$@" 2>&1); then
    say "$what"
    changes=$((changes + 1))
    [ -n "$due" ] || repairs=$((repairs + 1))
  else
    fault "$what: failed: ${answer%%"$newline"*}"
    return 1
  fi
}

# Nothing is touched before it is clear that it is ours to touch. Then what is wanted no more goes, and the rules come first: a bridge
# without them is open to the node, and a VXLAN to everybody.
pass() {
  faults=$leaving notes=''
  read_addresses
  if is_in_charge; then
    [ -n "$tidied" ] || tidy_vxlans
    planned=''
    [ -z "$VXLAN" ] || ! plan_overlay || planned=yes
    keep_rules
    [ -n "$tables_tidied" ] || tidy_tables
    if keep_bridge; then
      [ -n "$tidied" ] || tidy_bridges
      if keep_ports && [ -n "$planned" ] && [ -e "$STATE_DIR/overlay.loaded" ] && keep_vxlan; then
        keep_answer
        keep_peers
      fi
    fi
    look_at_ports
  fi
  [ -n "$superseded" ] || write_metrics
  report
  [ -n "$faults" ] || due=''
}

run() {
  begin wake woken suspect underlay questions questions.new links.events peers.events rules.events \
    ports.nft ports.loaded links.json names rules.nft rules.loaded overlay.nft overlay.loaded believed unresolved looked peers.new
  [ -f "$STATE_DIR/peers" ] || rm -rf "$STATE_DIR/peers"
  mkfifo "$STATE_DIR/wake"
  : >"$STATE_DIR/woken"
  exec 3<>"$STATE_DIR/wake"
  trap leave TERM INT
  until read_values && read_rules; do
    faults=$problem
    report
    nap "$INTERVAL"
  done
  tick &
  children=$!
  [ -z "$VXLAN" ] || awaited_sets=overlay
  [ -z "$ENTRY" ] || awaited_sets="$awaited_sets ports"
  if [ "$FLOODING" = Discovered ]; then
    remember_peers
    discover &
    children="$children $!"
    await_peers
  fi
  watch links.events ip -o monitor link address &
  children="$children $!"
  watch_rules &
  children="$children $!"
  if [ -n "$VXLAN" ]; then
    watch peers.events bridge monitor fdb &
    children="$children $!"
  fi
  haste=5
  while :; do
    : >"$STATE_DIR/woken"
    pass
    passed=$uptime
    read -r reason <&3
    read_uptime
    # Events are answered at once, but a fight stays cheap: after the fifth without a second of peace, twice a second.
    if [ $((uptime - passed)) -gt 1 ]; then
      haste=5
    elif [ "$haste" -gt 0 ]; then
      haste=$((haste - 1))
    elif [ "$reason" != rules ]; then
      nap 0.5
    fi
  done
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
  alive) alive ;;
  down) down ;;
  *)
    say "$1: must be run, ready, alive or down"
    exit 2
    ;;
esac
