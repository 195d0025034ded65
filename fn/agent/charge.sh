# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# Who is in charge of the node. While agents are rolled two of them run: the alias of the bridge names the pod of the one that may
# make changes, and the network alone once that one has let go of it.

# How long, in seconds, an agent that has to end waits for the pods on its bridge or for its successor.
LEAVE_TIMEOUT=${LEAVE_TIMEOUT:-50}

# For how long, in seconds, links of names that an agent has found when it started may come again: whose they were may still be there.
TIDY_FOR=60

claimed='' holder='' superseded='' leaving='' tidied='' tidy_since='' left_behind=''

# Whether another agent has taken the bridge over, which was read and is ours.
is_superseded() {
  case $holder in
    '' | "$POD_NAME") return 1 ;;
  esac
  superseded=$holder
  fault "superseded: the agent $holder keeps this node now"
}

# Whether a successor keeps the network by a bridge of another name.
is_kept_otherwise() {
  find_former
  for interface in $former; do
    if read_link "$interface" && is_ours && [ "$kind" = bridge ] && is_superseded; then
      return 0
    fi
  done
  return 1
}

# Whether the bridge may be made or changed by this agent, which takes it over once, when it starts. Nothing is touched before.
is_in_charge() {
  holder='' superseded=''
  if ! read_link "$BRIDGE"; then
    [ -z "$claimed" ] || ! is_kept_otherwise
    return
  fi
  if [ "$kind" = vxlan ] && is_ours; then
    if [ -n "$claimed" ] && is_superseded; then
      return 1
    fi
    mark_former
    change "$BRIDGE: deleted, it was this network's VXLAN" ip link del dev "$BRIDGE"
    return
  fi
  if [ "$kind" != bridge ]; then
    fault "$BRIDGE exists and is no bridge: left alone"
    return 1
  fi
  if ! is_ours; then
    ! is_marked_otherwise "$BRIDGE" && is_free_bridge
    return
  fi
  if [ -n "$claimed" ]; then
    ! is_superseded
    return
  fi
  case $holder in
    '' | "$POD_NAME") ;;
    *) change "$BRIDGE: taken over from $holder" ip link set dev "$BRIDGE" alias "$mark" ;;
  esac
}

# Sets `former` to the links that bear our network's mark but are not called, or are not, what they are to be.
find_former() {
  former=''
  while read -r _ interface _; do
    interface=${interface%:}
    interface=${interface%%@*}
    if [ -z "$interface" ] || ! read_link "$interface" || ! is_ours; then
      continue
    fi
    case "$kind $interface" in
      "bridge $BRIDGE" | "bridge $ENTRY" | "vxlan $VXLAN") ;;
      *) former="$former$interface " ;;
    esac
  done <<EOF
$(ip -o link show type vxlan && ip -o link show type bridge)
EOF
}

# Has an agent that still keeps a bridge of another name stop to do so.
mark_former() {
  find_former
  for interface in $former; do
    if read_link "$interface" && [ "$alias" != "$mark" ]; then
      change "$interface: marked" ip link set dev "$interface" alias "$mark"
    fi
  done
}

# Takes over a VXLAN that an earlier spec of the network has left under another name, with the peers that it has, or deletes it.
tidy_vxlans() {
  find_former
  if [ -z "$tidy_since" ]; then
    read_uptime
    tidy_since=$uptime left_behind=$former
  fi
  # Links of other names that come later are those of a successor.
  for interface in $left_behind; do
    if [ "$interface" = "$VXLAN" ] || ! read_link "$interface" || ! is_ours || [ "$kind" != vxlan ]; then
      continue
    fi
    if [ -n "$VXLAN" ] && ! read_link "$VXLAN"; then
      change "$interface: renamed to $VXLAN" rename_link "$interface" "$VXLAN"
    else
      change "$interface: deleted, it is not this network's any more" ip link del dev "$interface"
    fi
  done
}

# Moves the ports of a bridge of another name to ours, then deletes it. It is marked first, so that an agent that still keeps it stops
# to do so. That one may have made it anew all the same.
tidy_bridges() {
  read_uptime
  if [ -z "$left_behind" ] || [ $((uptime - tidy_since)) -ge "$TIDY_FOR" ]; then
    tidied=yes
  fi
  for interface in $left_behind; do
    if [ "$interface" = "$BRIDGE" ] || ! read_link "$interface" || ! is_ours || [ "$kind" != bridge ]; then
      continue
    fi
    [ "$alias" = "$mark" ] || change "$interface: marked" ip link set dev "$interface" alias "$mark"
    if take_ports "$interface"; then
      change "$interface: deleted, it is not this network's any more" ip link del dev "$interface"
    else
      tidied=''
      note "$interface was this network's bridge and still has pods"
    fi
  done
}

# Some kernels rename no link that is up.
rename_link() { # INTERFACE NAME
  ip link set dev "$1" name "$2" 2>/dev/null || {
    ip link set dev "$1" down && ip link set dev "$1" name "$2" && ip link set dev "$2" up
  }
}

# Moves all ports of another bridge to ours, by one process: only for a moment is a pod cut off. Fails where one stays behind.
take_ports() { # BRIDGE
  moves=''
  while read -r _ port rest; do
    port=${port%:}
    port=${port%%@*}
    [ -n "$port" ] || continue
    moves="${moves}link set dev $port master $BRIDGE$newline"
    # A port forgets that it is isolated when it leaves its bridge.
    case $rest in
      *' isolated on '*) moves="${moves}link set dev $port type bridge_slave isolated on$newline" ;;
    esac
  done <<EOF
$(ip -d -o link show master "$1")
EOF
  [ -n "$moves" ] || return 0
  change "$1: its ports moved to $BRIDGE" run_batch "$moves"
}

run_batch() { # LINES
  printf '%s' "$1" | ip -force -batch -
}

carries_pods() {
  find_former
  for interface in $BRIDGE $ENTRY $former; do
    if read_link "$interface" && is_ours && [ "$kind" = bridge ] && has_pods "$interface"; then
      return 0
    fi
  done
  return 1
}

# Removes what is ours. A bridge that is deleted under its pods cuts them off for good.
take_down() {
  if carries_pods; then
    say "$BRIDGE: pods are attached, everything stays in place"
    return
  fi
  for interface in $VXLAN $former $BRIDGE $ENTRY; do
    if read_link "$interface" && is_ours; then
      change "$interface: deleted" ip link del dev "$interface"
    fi
  done
  delete_tables
  each_rule remove_rule
}

# Lets go of the node without leaving its pods alone, as long as there is time: until the next agent has taken charge, or the last
# pod is gone.
leave() {
  trap : TERM INT
  # shellcheck disable=SC2086 # none of them need be running
  kill ${children:-} $napping 2>/dev/null
  [ -n "$mark" ] || exit 0
  faults='' claimed=yes leaving='leaving: pods are attached'
  is_in_charge
  [ -z "$superseded" ] || exit 0
  mark=$released
  for interface in $BRIDGE $VXLAN $ENTRY; do
    if read_link "$interface" && is_ours; then
      ip link set dev "$interface" alias "$mark"
    fi
  done
  read_uptime
  deadline=$((uptime + LEAVE_TIMEOUT))
  while [ "$uptime" -lt "$deadline" ] && carries_pods; do
    echo look >"$STATE_DIR/suspect"
    pass
    if [ -n "$superseded" ]; then
      say "$BRIDGE: left to $superseded"
      exit 0
    fi
    nap 1
    read_uptime
  done
  # Another may have come just now, and made everything its own.
  is_in_charge
  [ -z "$superseded" ] || exit 0
  remove_metrics
  take_down
  exit 0
}
