#!/bin/sh
# Runs keepalived, by which one of several routers has the gateway's addresses, and tells whether it runs.
#
#   run    waits for the router's own address, then runs keepalived until either is told to go (default)
#   ready  succeeds when keepalived ran at the last look, and that is younger than 30 seconds; else says why not
#   alive  succeeds when there was a look within the last 60 seconds
#
# Reads keepalived-$ROUTER.conf and standby-$ROUTER.conf in CONFIG_DIR; OWN_ADDRESS is this router's own. Writes only to STATE_DIR. Needs NET_ADMIN and
# NET_RAW in the pod's network namespace.
#
# An address outlives the program that has added it. A router whose keepalived was killed would go on answering for the gateway,
# beside its successor. So the addresses are only lent to it: the kernel takes each away LIFETIME seconds after the last loan.
set -uf

CONFIG_DIR=${CONFIG_DIR:-/etc/gateway-network}
STATE_DIR=${STATE_DIR:-/run/gateway-network}
STATUS=$STATE_DIR/vrrp.status
ROUTER=${ROUTER:-}
OWN_ADDRESS=${OWN_ADDRESS:-}
CONFIG=$CONFIG_DIR/keepalived-$ROUTER.conf
# Where keepalived has an address for each other router that it does not hear of.
STANDBY=$CONFIG_DIR/standby-$ROUTER.conf
LIFETIME=3
keepalived='' held=''

case $0 in
  */*) here=${0%/*} ;;
  *) here=. ;;
esac
# shellcheck source=fn/agent/status.sh
. "$here/status.sh"
# shellcheck source=fn/agent/own-address.sh
. "$here/own-address.sh"

# Sets `held` to those of keepalived's addresses that this router has, as lines of `address/length dev interface`.
find_held() {
  there=$(ip -o addr show 2>/dev/null)
  held=''
  while read -r address dev interface rest; do
    case $dev$rest$there in
      dev*" $interface "*" $address "*) held="$held$address dev $interface$newline" ;;
    esac
  done <"$CONFIG"
}

# Does something with each of the addresses, as words of `ip addr`.
each_held() { # VERB OPTION...
  verb=$1
  shift
  printf '%s' "$held" | while read -r address; do
    printf 'addr %s %s %s\n' "$verb" "$address" "$*"
  done | ip -force -batch - 2>/dev/null
}

lend() {
  find_held
  [ -n "$held" ] || return 0
  each_held change nodad valid_lft "$LIFETIME" preferred_lft 0
  note "this router has the gateway's addresses"
}

# Says which of the others could not take over. Their programs tell keepalived, and that tells the others.
check_standbys() {
  while read -r word value _; do
    case $word in
      vrrp_instance) standby=$value ;;
      virtual_router_id) id=$value ;;
      127.0.0.* | 100::*)
        case $there in
          *" $word "*) [ "$id" = $((ROUTER + 2)) ] || note "standby $standby: not ready: nothing is heard of it" ;;
        esac
        ;;
    esac
  done <"$STANDBY"
}

# Tells keepalived whether this router could take over: whether all of its programs are ready, those that are here.
judge() {
  verdict=0
  for program in router resolver connections wireguard; do
    [ -e "$here/$program.sh" ] || continue
    case $program in
      router) file=status ;;
      *) file=$program.status ;;
    esac
    if ! read_report "$file" || [ $((uptime - since)) -gt 30 ]; then state=''; fi
    case $state in
      ready*) ;;
      *) verdict=1 ;;
    esac
  done
  read_word standby
  [ "$verdict" = "$word" ] || echo "$verdict" >"$STATE_DIR/standby"
}

# Takes away what keepalived has left behind.
drop() {
  while read -r flag _; do
    case $flag in
      127.0.0.* | 100::*) echo "addr del $flag dev lo" ;;
    esac
  done <"$STANDBY" | ip -force -batch - 2>/dev/null
  find_held
  [ -n "$held" ] || return 0
  each_held del
  say 'addresses of the gateway removed, which keepalived has left'
}

# What the router's program has found is good for as long as its readiness is: one that has died says nothing more.
check_router() {
  if read_report status && [ $((uptime - since)) -le 30 ]; then return; fi
  fault "the router's program has not looked at anything for 30 seconds"
  read_word track
  [ "$word" = 1 ] || echo 1 >"$STATE_DIR/track"
}

leave() {
  # shellcheck disable=SC2086 # none, or a number
  kill $napping $keepalived 2>/dev/null
  [ -z "$keepalived" ] || wait "$keepalived"
  drop
  exit 0
}

run() {
  trap leave TERM INT
  # To keepalived such a file is another that runs where it cannot open or lock it; an older one believes the process id, and in a new
  # container the same numbers come again.
  begin track standby keepalived.conf keepalived.pid vrrp.pid checkers.pid bfd.pid
  # Nobody is master before its router has found everything as wanted, which it says within a second where it has already.
  echo 1 >"$STATE_DIR/track"
  echo 1 >"$STATE_DIR/standby"
  printf 'include %s\n' "$CONFIG" "$STANDBY" >"$STATE_DIR/keepalived.conf"
  drop
  await_own_address
  # Made here, or keepalived would take it away when it ends, from whoever reads it.
  make_states
  # Of programs of keepalived that are not started it wants to write the process id, too.
  keepalived --dont-fork --log-console --vrrp --use-file="$STATE_DIR/keepalived.conf" --pid="$STATE_DIR/keepalived.pid" \
    --vrrp_pid="$STATE_DIR/vrrp.pid" --checkers_pid="$STATE_DIR/checkers.pid" --bfd_pid="$STATE_DIR/bfd.pid" &
  keepalived=$!
  while kill -0 "$keepalived" 2>/dev/null; do
    faults='' notes=''
    lend
    [ -z "$held" ] || check_standbys
    check_router
    judge
    report
    nap 1
  done
  drop
  say 'keepalived has ended'
  exit 1
}

main "$@"
