# shellcheck shell=sh disable=SC2034,SC2154 # read by router.sh, which is checked with its parts
# The way out where that is not the pod's primary network: a routing table of its own for what comes from the network, so that
# neither the routes of the pod nor those that a VPN's program makes decide about it. And whether the world outside is reached.

# Rules of these priorities come before those that VPN programs make (gluetun from 98 on), and before the main table (32766).
TABLE=100
# How often, in fifths of a second, something is still waited for that is to come at once.
patience=0

keep_policy() { # FAMILY PRIORITY SELECTOR ACTION
  case $policies in
    # detached: the interface is not there
    *"$2:"?"from all $3 $4"* | *"$2:"?"from all $3 [detached] $4"*) return 0 ;;
  esac
  # shellcheck disable=SC2086 # a selector and an action are two words
  if answer=$(ip "-$1" rule add priority "$2" $3 $4 2>&1); then
    say "IPv$1: $3: $4"
  else
    fault "the routing rule '$3 $4' cannot be added: ${answer%%"$newline"*}"
    return 1
  fi
}

keep_route() { # FAMILY ROUTE...
  version=$1
  shift
  case $newline$routes$newline in
    *"$newline$* "* | *"$newline$*$newline"*) return 0 ;;
  esac
  if answer=$(ip "-$version" route replace "$@" table "$TABLE" 2>&1); then
    say "IPv$version: route $* added"
  else
    fault "the route '$*' cannot be added: ${answer%%"$newline"*}"
  fi
}

# A tunnel without an address of a family does not carry it.
carries() { # FAMILY, of the addresses in `shown`
  case $1$shown in
    4*' inet '* | 6*' inet6 '*) ;;
    *) return 1 ;;
  esac
}

# Sets `members` to those of a list of addresses or networks that are of a family.
of_family() { # FAMILY LIST
  members=''
  for each in $2; do
    case $1$each in
      4*.* | 6*:*) members="$members $each" ;;
    esac
  done
}

# What is to leave is looked up in the table, and where that has no route, nowhere else. Fails unless nothing can go by another way.
# So is what the kernel answers to what has come in from another network, which it looks up as its own but with that mark.
keep_policies() { # FAMILY
  policies=$(ip "-$1" rule show)
  keep_policy "$1" 94 "iif $OVERLAY_INTERFACE" unreachable || return
  of_family "$1" "$SUBNETS"
  for subnet in $members; do
    keep_policy "$1" 90 "to $subnet" 'lookup main' || return
  done
  keep_policy "$1" 91 "iif $OVERLAY_INTERFACE" "lookup $TABLE" || return
  keep_policy "$1" 92 "oif $EGRESS_INTERFACE" "lookup $TABLE" || return
  [ -z "$EGRESS_MARK" ] || keep_policy "$1" 93 "fwmark $EGRESS_MARK" "lookup $TABLE" || return
  of_family "$1" "$UPSTREAMS"
  for upstream in $members; do
    for protocol in udp tcp; do
      keep_policy "$1" 95 "to $upstream ipproto $protocol dport 53" "lookup $TABLE" || return
      keep_policy "$1" 96 "to $upstream ipproto $protocol dport 53" unreachable || return
    done
  done
}

# A tunnel need not carry all families, but one. Nothing is said of one that is not there yet: check_link does.
keep_defaults() {
  shown=$(ip -o addr show dev "$EGRESS_INTERFACE" scope global 2>/dev/null) || return 0
  carried=''
  for family in $FORWARDING; do
    if carries "${family#IPv}"; then
      carried="$carried$family"
      keep_default "${family#IPv}"
    fi
  done
  for family in $FORWARDING; do
    case $carried in
      *"$family"*) ;;
      '') fault "$EGRESS_INTERFACE has no $family address" ;;
      *) note "$EGRESS_INTERFACE has no $family address: $family does not leave" ;;
    esac
  done
}

# A tunnel has no gateway, and all that is behind it is reached alike.
keep_default() { # FAMILY
  routes=$(ip "-$1" route show table "$TABLE" 2>/dev/null)
  of_family "$1" "$EGRESS_NETWORKS"
  for network in $members; do
    keep_route "$1" "$network" dev "$EGRESS_INTERFACE"
  done
  of_family "$1" "$GATEWAYS"
  if [ -n "$members" ]; then
    keep_route "$1" default via "${members# }" dev "$EGRESS_INTERFACE"
  else
    keep_route "$1" default dev "$EGRESS_INTERFACE"
  fi
}

# Whether any of the addresses in `asked` answers within 0.7 seconds, all asked at once. Then one that did is all that is asked.
reaches_outside() {
  : >"$STATE_DIR/answered"
  for address in $asked; do
    ping -n -q -c 1 -W 0.7 -I "$EGRESS_INTERFACE" "$address" >/dev/null 2>&1 && echo "$address" >"$STATE_DIR/answered" &
  done
  wait
  read -r asked <"$STATE_DIR/answered"
}

# Writes down what has become of the world outside, where it is another than before: a reader never finds half of it.
found_outside() { # reached|silent
  [ "$1" != "$outside" ] || return 0
  outside=$1
  echo "$outside" >"$STATE_DIR/outside.new" && mv "$STATE_DIR/outside.new" "$STATE_DIR/outside"
}

# Asks again and again, all of them where none has answered; two in a row that are not answered count.
watch_outside() {
  trap 'kill $napping 2>/dev/null; exit' TERM
  misses=0 outside='' asked=$HEALTH_CHECK
  while kill -0 "$$" 2>/dev/null; do
    if reaches_outside; then
      misses=0
      found_outside reached
      nap 0.5
    else
      misses=$((misses + 1)) asked=$HEALTH_CHECK
      [ "$misses" -lt 2 ] || found_outside silent
      nap 0.2
    fi
  done
}

# Waits for a file of STATE_DIR that is to come at once, but not for long in the life of what makes it: three seconds in all.
await() { # FILE
  while [ ! -e "$STATE_DIR/$1" ] && [ "$patience" -gt 0 ]; do
    patience=$((patience - 1))
    nap 0.2
  done
}

check_outside() {
  [ -n "$HEALTH_CHECK" ] || return 0
  if ! kill -0 "$watcher" 2>/dev/null; then
    rm -f "$STATE_DIR/outside"
    patience=15
    watch_outside &
    watcher=$!
  fi
  await outside
  read_word outside
  [ "$word" = reached ] || fault "none of $HEALTH_CHECK answers through $EGRESS_INTERFACE"
}

# What the tunnel's program has said to a predecessor it says again where it still runs.
forget_tunnel() {
  if read_report wireguard.status && [ $((uptime - since)) -le 20 ]; then
    rm -f "$STATE_DIR/wireguard.status"
    patience=15
  fi
}

# What the program of a built-in tunnel says of it, which it does every five seconds at least.
check_tunnel() {
  [ -n "$TUNNEL" ] || return 0
  await wireguard.status
  read_report wireguard.status || state='no check has been made yet'
  case $state in
    ready*) [ $((uptime - since)) -le 20 ] || fault "WireGuard: the last check was $((uptime - since)) seconds ago" ;;
    *) fault "WireGuard: ${state#not ready: }" ;;
  esac
}
