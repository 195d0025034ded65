#!/bin/sh
# Runs conntrackd, which tells the other router of this one's connections, so that they outlive a failover.
#
#   run     waits for the router's own address, then runs conntrackd until either is told to go (default)
#   ready   succeeds when conntrackd answered at the last look, and that is younger than 30 seconds; else says why not
#   alive   succeeds when there was a look within the last 60 seconds
#   master  what keepalived calls when this router gets the gateway's addresses: what is known of the other's connections becomes
#           the kernel's, and the other is told of all
#   backup  when it has not, or no longer: what the kernel has of its own ends soon, and the other is asked for what it knows
#   fault   when it must not: what the kernel has of its own ends soon
#
# Reads conntrackd-$ROUTER.conf in CONFIG_DIR; OWN_ADDRESS is this router's own. Writes only to STATE_DIR. Needs NET_ADMIN in the
# pod's network namespace.
set -uf

CONFIG_DIR=${CONFIG_DIR:-/etc/gateway-network}
STATE_DIR=${STATE_DIR:-/run/gateway-network}
STATUS=$STATE_DIR/connections.status
ROUTER=${ROUTER:-}
OWN_ADDRESS=${OWN_ADDRESS:-}
CONFIG=$CONFIG_DIR/conntrackd-$ROUTER.conf
conntrackd=''

case $0 in
  */*) here=${0%/*} ;;
  *) here=. ;;
esac
# shellcheck source=fn/agent/status.sh
. "$here/status.sh"
# shellcheck source=fn/agent/own-address.sh
. "$here/own-address.sh"

# conntrackd does one thing at a time: of several options it heeds the last.
ask() { # OPTION...
  for option; do
    conntrackd -C "$CONFIG" "$option"
  done
}

leave() {
  # shellcheck disable=SC2086 # none, or a number
  kill $napping $conntrackd 2>/dev/null
  exit 0
}

# The lock of a predecessor that was killed would keep conntrackd from starting. At its start it asks the other for what it knows.
run() {
  trap leave TERM INT
  mkdir -p "$STATE_DIR"
  rm -f "$STATUS" "$STATE_DIR/conntrackd.lock" "$STATE_DIR/conntrackd.ctl"
  await_own_address
  conntrackd -C "$CONFIG" &
  conntrackd=$!
  nap 1
  ask -B
  while kill -0 "$conntrackd" 2>/dev/null; do
    faults='' notes=''
    ask -s >/dev/null 2>&1 || fault 'conntrackd does not answer'
    report
    nap 5
  done
  say 'conntrackd has ended'
  exit 1
}

case ${1:-run} in
  run) run ;;
  ready) ready ;;
  alive) alive ;;
  # Commit, forget, read the kernel's anew, tell.
  master) ask -c -f -R -B ;;
  backup) ask -t -n ;;
  fault) ask -t ;;
  *)
    say "$1: must be run, ready, alive, master, backup or fault"
    exit 2
    ;;
esac
