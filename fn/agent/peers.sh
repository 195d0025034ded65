# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# The peers: which nodes get a copy of each frame that is flooded.

# How long, in seconds, a peer stays that its name has stopped to resolve to. Its agent may only be restarting.
PEER_GRACE=${PEER_GRACE:-300}

agreed='' expected='' peer_count=0

# Looks PEERS_SERVICE up: the file `peers` gets a line "address, time last seen" for each. A failed look-up changes nothing in
# it and leaves the file `unresolved`. Those known before keep their order. Link-local addresses (with %) are of no use.
look_up_peers() {
  read_uptime
  [ -e "$STATE_DIR/peers" ] || : >"$STATE_DIR/peers"
  # shellcheck disable=SC2016 # for awk
  if timeout 5 getent ahosts "$PEERS_SERVICE" | awk -v family="$UNDERLAY_FAMILY" -v now="$uptime" -v grace="$PEER_GRACE" '
    $2 == "STREAM" {
      if ($1 !~ /%/ && ($1 ~ /:/) == (family == "IPv6") && !($1 in fresh)) { fresh[$1] = 1; order[++count] = $1 }
      next
    }
    NF == 2 && $2 ~ /^[0-9]+$/ { known[++all] = $1; seen[$1] = $2 }
    END {
      if (!count) exit 1
      for (i = 1; i <= all; i++) {
        if (known[i] in fresh) { print known[i], now; delete fresh[known[i]] }
        else if (now - seen[known[i]] < grace) print known[i], seen[known[i]]
      }
      for (i = 1; i <= count; i++) if (order[i] in fresh) print order[i], now
    }' "$STATE_DIR/peers" - >"$STATE_DIR/peers.new"; then
    mv "$STATE_DIR/peers.new" "$STATE_DIR/peers"
    rm -f "$STATE_DIR/unresolved"
  else
    : >"$STATE_DIR/unresolved"
  fi
}

# Sets `wanted` to the destinations of flooded frames: "address ", or "address%interface " for a group. Fails where they are not
# known.
read_wanted_peers() {
  wanted=${GROUP:+$GROUP%$underlay }$PEERS
  [ "$FLOODING" = Discovered ] || return 0
  if [ ! -s "$STATE_DIR/peers" ]; then
    fault "the peers are not known: $PEERS_SERVICE has not resolved to an $UNDERLAY_FAMILY address yet"
    return 1
  fi
  [ ! -e "$STATE_DIR/unresolved" ] || note "$PEERS_SERVICE does not resolve to an $UNDERLAY_FAMILY address: the known peers are kept"
  # shellcheck disable=SC2016 # for awk
  wanted=$(awk '{ printf "%s ", $1 }' "$STATE_DIR/peers")
}

# Sets `actual` to the destinations among the kernel's entries, in the same form.
read_actual_peers() { # ENTRIES
  actual=''
  while read -r mac _ address via interface _; do
    case $mac$via in
      00:00:00:00:00:00via) actual="$actual$address%$interface " ;;
      00:00:00:00:00:00*) actual="$actual$address " ;;
    esac
  done <<EOF
$1
EOF
}

# Sets `rest` to the words of a list that another one lacks.
subtract() { # LIST OTHER
  rest=''
  for address in $1; do
    case " $2" in
      *" $address "*) ;;
      *) rest="$rest$address " ;;
    esac
  done
}

change_peers() { # append|del LIST
  for address in $2; do
    case $address in
      *%*) address="${address%\%*} via ${address#*%}" ;;
    esac
    echo "fdb $1 00:00:00:00:00:00 dev $VXLAN dst $address"
  done | bridge -force -batch -
}

# Adds and removes destinations as a difference, the node's own addresses excluded. Lists that were found to agree are compared as
# a whole: there may be hundreds.
keep_peers() {
  read_wanted_peers || return
  entries=$(bridge fdb show dev "$VXLAN" state permanent)
  lists="$wanted|$own|$entries"
  [ "$lists" != "$agreed" ] || return 0
  subtract "$wanted" "$own"
  wanted=$rest
  # shellcheck disable=SC2086 # a list of addresses
  set -- $wanted
  peer_count=$#
  was_due=$due
  [ "$wanted" = "$expected" ] || due=yes
  expected=$wanted
  read_actual_peers "$entries"
  subtract "$wanted" "$actual"
  missing=$rest
  subtract "$actual" "$wanted"
  [ -n "$missing$rest" ] || agreed=$lists
  [ -z "$missing" ] || change "$VXLAN: peers added: ${missing% }" change_peers append "$missing"
  [ -z "$rest" ] || change "$VXLAN: peers removed: ${rest% }" change_peers del "$rest"
  due=$was_due
}
