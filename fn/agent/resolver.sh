#!/bin/sh
# shellcheck disable=SC2034,SC2154 # shared with status.sh
# Answers the clients' questions for names: keeps dnsmasq running, and tells whether it listens.
#
#   run    starts dnsmasq, again where it has ended, and looks at it every INTERVAL seconds (default)
#   ready  succeeds when the last look found everything as wanted and is younger than 30 seconds; else says why not
#   alive  succeeds when a look was taken within the last 60 seconds
#
# Reads dnsmasq.conf and cluster-servers in CONFIG_DIR. The latter has options of dnsmasq, one a line, that end with the address of a name
# server of the cluster; /etc/resolv.conf says which those are. Writes only to STATE_DIR. Needs NET_BIND_SERVICE.
set -uf

CONFIG_DIR=${CONFIG_DIR:-/etc/gateway-network}
STATE_DIR=${STATE_DIR:-/run/gateway-network}
STATUS=$STATE_DIR/resolver.status
INTERVAL=${INTERVAL:-1}
server=''

case $0 in
  */*) here=${0%/*} ;;
  *) here=. ;;
esac
# shellcheck source=fn/agent/status.sh
. "$here/status.sh"

# Sets `addresses` to the name servers of the cluster: what looks like an address, and none of a link (with %).
read_addresses() {
  addresses=''
  while read -r key address _; do
    [ "$key" = nameserver ] || continue
    case $address in
      '' | *[!0-9a-fA-F.:]*) ;;
      *) addresses="$addresses$address " ;;
    esac
  done </etc/resolv.conf
  [ -z "$addresses" ] || return 0
  fault '/etc/resolv.conf names no name server, so nobody knows the names of the cluster'
  return 1
}

# Completes the options, once in the life of a pod: VPN programs write to /etc/resolv.conf, which all containers share.
keep_cluster_servers() {
  [ ! -s "$STATE_DIR/cluster-servers" ] || return 0
  read_addresses || return
  while read -r option; do
    for address in $addresses; do
      printf '%s%s\n' "$option" "$address"
    done
  done <"$CONFIG_DIR/cluster-servers" >"$STATE_DIR/cluster-servers.new" &&
    mv "$STATE_DIR/cluster-servers.new" "$STATE_DIR/cluster-servers"
}

keep_server() {
  if [ -n "$server" ]; then
    ! kill -0 "$server" 2>/dev/null || return 0
    say 'dnsmasq has ended and is started again'
  fi
  dnsmasq --conf-file="$CONFIG_DIR/dnsmasq.conf" --servers-file="$STATE_DIR/cluster-servers" &
  server=$!
}

# Sets `wanted` to the addresses of the network that the router has now: of the interface that dnsmasq.conf names. A standby has its
# own alone.
read_wanted() {
  wanted='' interface=''
  while IFS= read -r line; do
    case $line in
      interface=*) interface=${line#interface=} ;;
    esac
  done <"$CONFIG_DIR/dnsmasq.conf"
  while read -r _ _ _ address rest; do
    case $rest in
      '' | *tentative* | *dadfailed*) ;;
      *) wanted="$wanted${address%%/*} " ;;
    esac
  done <<EOF
$(ip -o addr show dev "$interface" scope global 2>/dev/null)
EOF
}

# Sets `own` to dnsmasq's sockets at port 53, and `foreign` to those of other programs of the pod, as protocol/address. All
# containers of a pod share its ports, but only processes of this one are seen to hold theirs.
read_sockets() {
  own=' ' foreign=' '
  while read -r protocol _ _ _ address _ process; do
    address=${address%:53}
    address=${address#\[}
    case $process in
      *"pid=$server,"*) own="$own$protocol/${address%\]} " ;;
      *) foreign="$foreign$protocol/${address%\]} " ;;
    esac
  done <<EOF
$(ss -Hlntup 'sport = 53')
EOF
}

# It listens at an address as soon as the router has it. A socket at all addresses is in its way, unless it came first.
check_listening() {
  read_wanted
  read_sockets
  for protocol in udp tcp; do
    [ -n "$wanted" ] || fault "dnsmasq does not listen for $protocol"
    for address in $wanted; do
      check_socket "$protocol" "$address"
    done
  done
}

check_socket() { # PROTOCOL ADDRESS
  holder=''
  for other in "$2" '*' 0.0.0.0 ::; do
    case $foreign in
      *" $1/$other "*) holder=${holder:-$other} ;;
    esac
  done
  # Questions may go to either of two that hold the same address.
  case $own in
    *" $1/$2 "*) [ "$holder" = "$2" ] || return 0 ;;
  esac
  if [ -n "$holder" ]; then
    fault "another program of the pod holds port 53 ($1 at $holder), so dnsmasq does not answer at $2: with gluetun, set DOT=off (up to v3.40) or DNS_SERVER=off"
  else
    fault "dnsmasq does not listen for $1 at $2"
  fi
}

check() {
  faults='' notes=''
  if keep_cluster_servers; then
    keep_server
    check_listening
  fi
  report
}

run() {
  trap 'kill $napping $server 2>/dev/null; exit 0' TERM INT
  begin cluster-servers.new
  while :; do
    check
    nap "$INTERVAL"
  done
}

main "$@"
