# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# The peers: which nodes get a copy of each frame that is flooded.

# How long, in seconds, a peer stays that its name has stopped to resolve to. Its agent may only be restarting.
PEER_GRACE=${PEER_GRACE:-300}

# Looks PEERS_SERVICE up: the file `peers` gets a line "address, time last seen" for each. A failed look-up changes nothing in
# it and leaves the file `unresolved`.
look_up_peers() {
  fresh=' '
  while read -r address kind _; do
    case $UNDERLAY_FAMILY$kind$address in
      IPv4STREAM*:* | *%*) ;;
      IPv4STREAM* | IPv6STREAM*:*) fresh="$fresh$address " ;;
    esac
  done <<EOF
$(timeout 5 getent ahosts "$PEERS_SERVICE")
EOF
  if [ "$fresh" = ' ' ]; then
    : >"$STATE_DIR/unresolved"
    return
  fi
  read_uptime
  [ -e "$STATE_DIR/peers" ] || : >"$STATE_DIR/peers"
  # Those known before keep their order, so that the list can be compared as a whole.
  while read -r address seen; do
    case $fresh in
      *" $address "*)
        echo "$address $uptime"
        fresh="${fresh%%" $address "*} ${fresh#*" $address "}"
        ;;
      *) [ $((uptime - seen)) -ge "$PEER_GRACE" ] || echo "$address $seen" ;;
    esac
  done <"$STATE_DIR/peers" >"$STATE_DIR/peers.new"
  for address in $fresh; do
    echo "$address $uptime"
  done >>"$STATE_DIR/peers.new"
  mv "$STATE_DIR/peers.new" "$STATE_DIR/peers"
  rm -f "$STATE_DIR/unresolved"
}

# Sets `wanted` to the destinations of flooded frames: "address ", or "address%interface " for a group. Fails where they are not
# known.
read_wanted_peers() {
  wanted=${GROUP:+$GROUP%$underlay }$PEERS
  [ "$FLOODING" = Discovered ] || return 0
  if [ ! -e "$STATE_DIR/peers" ]; then
    fault "the peers are not known: $PEERS_SERVICE has not resolved to an $UNDERLAY_FAMILY address yet"
    return 1
  fi
  [ ! -e "$STATE_DIR/unresolved" ] || note "$PEERS_SERVICE does not resolve to an $UNDERLAY_FAMILY address: the known peers are kept"
  while read -r address _; do
    wanted="$wanted$address "
  done <"$STATE_DIR/peers"
}

# Sets `actual` to the destinations that the kernel has, in the same form.
read_actual_peers() {
  actual=''
  while read -r mac _ address via interface _; do
    case $mac$via in
      00:00:00:00:00:00via) actual="$actual$address%$interface " ;;
      00:00:00:00:00:00*) actual="$actual$address " ;;
    esac
  done <<EOF
$(bridge fdb show dev "$VXLAN")
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

# Adds and removes destinations as a difference, the node's own addresses excluded.
keep_peers() {
  read_wanted_peers || return
  read_actual_peers
  subtract "$wanted" "$own"
  wanted=$rest
  [ "$wanted" != "$actual" ] || return 0
  subtract "$wanted" "$actual"
  [ -z "$rest" ] || change "$VXLAN: peers added: ${rest% }" change_peers append "$rest"
  subtract "$actual" "$wanted"
  [ -z "$rest" ] || change "$VXLAN: peers removed: ${rest% }" change_peers del "$rest"
}
