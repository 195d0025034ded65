#!/bin/sh
# Makes a client of a gateway network answer on its primary interface what comes in there, and nothing else. Runs once, before the
# pod's containers; what it sets stays with the pod's network namespace. Running it again changes nothing.
#
# Reads rules.nft in CONFIG_DIR. Needs NET_ADMIN in the pod's network namespace.
#
# The rules come first: they keep new connections from leaving by the primary interface. Then everything that is sent from an address
# of that interface is routed by a table with the interface's own routes, the default route among them; that is where the answers to
# inbound connections are routed, and where the kernel looks for the way back when it filters by reverse path (rp_filter).
set -uf

CONFIG_DIR=${CONFIG_DIR:-/etc/gateway-network}
INTERFACE=${INTERFACE:-eth0}
# A table of routes, and the place of its rules before the main table's (32766).
TABLE=4799
PRIORITY=4799

say() {
  printf '%s\n' "$1"
}

die() {
  say "$1"
  exit 1
}

# Copies one route of the main table as `ip route show` prints it, as far as it is not about the moment (expires, linkdown).
copy_route() { # 4|6 DESTINATION WORD...
  family=$1 route=$2
  shift 2
  while [ $# -gt 0 ]; do
    case $1 in
      via)
        [ "$2" != inet6 ] || shift
        case $2 in
          *:*) route="$route via inet6 $2" ;;
          *) route="$route via $2" ;;
        esac
        shift 2
        ;;
      src | metric | scope | mtu | advmss)
        route="$route $1 $2"
        shift 2
        ;;
      onlink)
        route="$route onlink"
        shift
        ;;
      *) shift ;;
    esac
  done
  # shellcheck disable=SC2086 # words
  ip "-$family" route replace $route dev "$INTERFACE" table "$TABLE" || die "cannot route $route by $INTERFACE in table $TABLE"
}

copy_routes() { # 4|6
  ip "-$1" route show table main dev "$INTERFACE" | while read -r line; do
    # shellcheck disable=SC2086 # words
    copy_route "$1" $line
  done
}

keep_rule() { # 4|6 ADDRESS
  case $(ip "-$1" rule show pref "$PRIORITY") in
    *"from $2 lookup $TABLE"*) return ;;
  esac
  ip "-$1" rule add from "$2" lookup "$TABLE" pref "$PRIORITY" || die "cannot route what $2 sends by table $TABLE"
  say "what $2 sends is routed by $INTERFACE"
}

answer() { # 4|6
  [ -n "$(ip "-$1" route show table main default dev "$INTERFACE" 2>/dev/null)" ] || return 0
  copy_routes "$1" || exit
  for address in $(ip -o "-$1" addr show dev "$INTERFACE" scope global | sed -n 's/.* inet6\{0,1\} \([^/ ]*\).*/\1/p'); do
    keep_rule "$1" "$address"
  done
}

[ -r "$CONFIG_DIR/rules.nft" ] || die "rules.nft cannot be read in $CONFIG_DIR"
nft -f "$CONFIG_DIR/rules.nft" || die 'the rules do not load'
ip link show dev "$INTERFACE" >/dev/null || die "there is no interface $INTERFACE"
answer 4
answer 6
