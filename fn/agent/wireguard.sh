#!/bin/sh
# Keeps the WireGuard tunnel of a router in place and tells whether its peer is there.
#
#   run    checks everything every INTERVAL seconds (default)
#   ready  succeeds when there was a handshake within the last 180 seconds; else says why not
#   alive  succeeds when a check was made within the last 60 seconds
#
# Reads CONFIG, a configuration in the form of wg-quick(8), and from the environment INTERFACE, UNDERLAY (the interface that the
# tunnel's own packets leave by), MARK (what they are marked with) and IMPLEMENTATION (Kernel or Userspace). Writes only to STATE_DIR.
# Needs NET_ADMIN in the pod's network namespace, and for Userspace /dev/net/tun and a directory /run/wireguard.
#
# The configuration holds keys, which wg(8) repeats in its messages: neither is ever printed. Of what is meant for wg-quick alone,
# addresses and MTU are set here, and all else is left out; no command in it is ever run.
set -uf

CONFIG=${CONFIG:-/etc/wireguard/wg0.conf}
STATE_DIR=${STATE_DIR:-/run/gateway-network}
STATUS=$STATE_DIR/wireguard.status
INTERVAL=${INTERVAL:-1}
INTERFACE=${INTERFACE:-wg0}
UNDERLAY=${UNDERLAY:-eth0}
IMPLEMENTATION=${IMPLEMENTATION:-Kernel}
MARK=${MARK:-}

# The age in seconds at which the keys of a handshake are no longer used (REJECT_AFTER_TIME in the paper on WireGuard, section 6.1).
DEAD=${DEAD:-180}
# The age at which a handshake is late: a new one is made after 120 seconds (REKEY_AFTER_TIME) with the next packet. It is then that
# wg's own reresolve-dns.sh looks names up again.
LATE=${LATE:-135}
# How often names are looked up again while a handshake is late.
LOOKUP_INTERVAL=${LOOKUP_INTERVAL:-15}
# How many checks pass between two looks at everything, as long as there is nothing to be seen without starting a program.
PATIENCE=5

# What the tunnel adds to an IPv6 packet that it sends over IPv6: 40 bytes of IPv6, 8 of UDP, 32 of WireGuard; wg-quick has the same.
OVERHEAD=80
# What wg-quick sets over Ethernet, and as much as passes on the way to most servers, whatever the cluster's network could take.
MOST=1420

tab=$(printf '\t')
read_from='' applied='' applied_at=0 kept='' kept_addresses='' daemon='' handshake=0 handshake_at=0 looked=$PATIENCE

case $0 in
  */*) here=${0%/*} ;;
  *) here=. ;;
esac
# shellcheck source=fn/agent/status.sh
. "$here/status.sh"
# shellcheck source=fn/agent/wireguard-config.sh
. "$here/wireguard-config.sh"
# shellcheck source=fn/agent/wireguard-device.sh
. "$here/wireguard-device.sh"

# Reads from the kernel, or wireguard-go, what was configured (`state`) and the time of the latest handshake (`latest`). What becomes
# of itself is no part of the state: the addresses that peers are seen at, counters, and a port that was left to chance.
read_tunnel() {
  state='' latest=0
  if ! dump=$(wg show "$INTERFACE" dump 2>/dev/null); then
    fault "$INTERFACE is not an interface that wg knows"
    return 1
  fi
  while IFS=$tab read -r key preshared endpoint allowed time _ _ keepalive; do
    if [ -z "$keepalive" ]; then
      state="$key $allowed"
    else
      state="$state $key $preshared $allowed $keepalive"
      [ "$time" -le "$latest" ] || latest=$time
    fi
  done <<END
$dump
END
  : "$endpoint"
}

# Sets `age`, in seconds. A handshake is dated by the clock that is set from outside; from when it is first seen, by one that is not.
read_age() {
  read_uptime
  if [ "$latest" != "$handshake" ]; then
    handshake=$latest
    handshake_at=$((uptime - $(date +%s) + latest))
  fi
  age=$((uptime - handshake_at))
}

# Names are looked up when the settings are applied. While there is no handshake, that may be because they mean another address now.
is_late() {
  if [ "$latest" != 0 ]; then
    read_age
    [ "$age" -gt "$LATE" ] || return 1
  fi
  read_uptime
  [ $((uptime - applied_at)) -ge "$LOOKUP_INTERVAL" ]
}

# What is as it was is not touched by syncconf, so that connections go on.
keep_settings() {
  read_tunnel || return
  if [ "$settings" = "$applied" ] && [ "$state" = "$kept" ]; then
    is_late || return 0
  else
    applied=''
  fi
  read_uptime
  applied_at=$uptime
  if answer=$(printf '%s\n' "$settings" | WG_ENDPOINT_RESOLUTION_RETRIES=0 timeout 10 wg syncconf "$INTERFACE" /dev/stdin 2>&1); then
    [ -n "$applied" ] || say "$INTERFACE: settings applied"
    applied=$settings
    read_tunnel && kept=$state
    return
  fi
  case $answer in
    *' not known'* | *'in name resolution'* | *'associated with hostname'* | '') fault "the name of the endpoint is not resolved: $endpoints" ;;
    *) fault 'wg refuses the settings (what it says about them may hold keys and is not shown)' ;;
  esac
  return 1
}

check_handshake() {
  if [ "$latest" = 0 ]; then
    fault "no handshake yet with $endpoints"
    return
  fi
  read_age
  [ "$age" -le "$DEAD" ] || fault "the last handshake with $endpoints was $age seconds ago"
}

check() {
  faults='' notes=''
  if read_config && keep_device; then
    keep_settings && keep_addresses && keep_link && check_handshake
  fi
  report
}

# Whether nothing has happened that can be seen without starting a program. The router's program removes the status when it starts, to
# be told anew.
is_quiet() {
  looked=$((looked + 1))
  [ -z "$faults" ] && [ -e "$STATUS" ] && [ "$looked" -lt "$PATIENCE" ] && is_there
}

run() {
  trap 'kill $napping $daemon 2>/dev/null; exit 0' TERM INT
  begin wireguard.status.new
  while :; do
    if ! is_quiet; then
      check
      looked=0
    fi
    nap "$INTERVAL"
  done
}

main "$@"
