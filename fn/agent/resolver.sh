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

# It listens at an address as soon as the router has it.
check_listening() {
  for protocol in udp tcp; do
    [ -n "$(ss -Hln --$protocol 'sport = 53')" ] || fault "dnsmasq does not listen for $protocol"
  done
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
