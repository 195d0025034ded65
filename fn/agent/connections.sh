#!/bin/sh
# Runs conntrackd, which tells the other router of this one's connections, so that they outlive a failover.
#
#   run    waits for the router's own address, then runs conntrackd, and tells it what becomes of the router, until either is told to
#          go (default)
#   ready  succeeds when conntrackd answered at the last look, and that is younger than 30 seconds; else says why not
#   alive  succeeds when there was a look within the last 60 seconds
#
# Reads conntrackd-$ROUTER.conf in CONFIG_DIR, and in STATE_DIR the fifo `states`, to which keepalived writes; OWN_ADDRESS is this
# router's own. Writes only to STATE_DIR. Needs NET_ADMIN in the pod's network namespace.
set -uf

CONFIG_DIR=${CONFIG_DIR:-/etc/gateway-network}
STATE_DIR=${STATE_DIR:-/run/gateway-network}
STATUS=$STATE_DIR/connections.status
ROUTER=${ROUTER:-}
OWN_ADDRESS=${OWN_ADDRESS:-}
CONFIG=$CONFIG_DIR/conntrackd-$ROUTER.conf
conntrackd='' follower=''

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
  kill $napping $conntrackd $follower 2>/dev/null
  exit 0
}

# What becomes of the router: lines `INSTANCE "gateway" STATE PRIORITY`. Those of the time before this program was there are waiting.
#
# A master makes what it knows of the other's connections its kernel's, forgets it, reads the kernel's anew and tells the other of
# all. Any other lets the kernel's end soon, and asks the other for what it knows.
follow() {
  while read -r _ name router _; do
    [ "$name" = '"gateway"' ] || continue
    say "this router is ${router:-nothing}"
    case $router in
      MASTER) ask -c -f -R -B ;;
      BACKUP) ask -t -n ;;
      FAULT) ask -t ;;
    esac
  done <>"$STATE_DIR/states"
}

# The lock of a predecessor that was killed would keep conntrackd from starting. At its start it asks the other for what it knows.
run() {
  trap leave TERM INT
  begin conntrackd.lock conntrackd.ctl
  await_own_address
  conntrackd -C "$CONFIG" &
  conntrackd=$!
  until ask -s >/dev/null 2>&1 || ! kill -0 "$conntrackd" 2>/dev/null; do nap 0.2; done
  ask -B
  make_states
  follow &
  follower=$!
  while kill -0 "$conntrackd" 2>/dev/null && kill -0 "$follower" 2>/dev/null; do
    faults='' notes=''
    ask -s >/dev/null 2>&1 || fault 'conntrackd does not answer'
    report
    nap 5
  done
  say 'conntrackd has ended'
  exit 1
}

main "$@"
