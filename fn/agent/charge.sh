# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# Who is in charge of the node. While agents are rolled two of them run: the alias of the bridge names the pod of the one that may
# make changes, and the network alone once that one has let go of it.

# How long, in seconds, an agent that has to end waits for the pods on its bridge or for its successor.
LEAVE_TIMEOUT=${LEAVE_TIMEOUT:-50}

claimed='' holder='' superseded='' leaving='' tidied=''

# Whether another agent has taken the bridge over, which was read and is ours.
is_superseded() {
  case $holder in
    '' | "$POD_NAME") return 1 ;;
  esac
  superseded=$holder
  fault "superseded: the agent $holder keeps this node now"
}

# Whether the bridge may be made or changed by this agent, which takes it over once, when it starts. Nothing is touched before.
is_in_charge() {
  holder='' superseded=''
  read_link "$BRIDGE" || return 0
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

# Removes links that bear our network's mark but are not called so any more. A bridge with pods stays until they are gone; it is
# marked, so that an agent that still keeps it stops to do so.
tidy_links() {
  tidied=yes
  while read -r _ interface _; do
    interface=${interface%:}
    interface=${interface%%@*}
    case $interface in
      '' | "$BRIDGE" | "$VXLAN") continue ;;
    esac
    if ! read_link "$interface" || ! is_ours; then
      continue
    fi
    [ "$alias" = "$mark" ] || change "$interface: marked" ip link set dev "$interface" alias "$mark"
    if [ "$kind" = bridge ] && has_pods "$interface"; then
      tidied=''
      note "$interface was this network's bridge and still has pods"
    else
      change "$interface: deleted, it is not this network's any more" ip link del dev "$interface"
    fi
  done <<EOF
$(ip -o link show type vxlan && ip -o link show type bridge)
EOF
}

carries_pods() {
  read_link "$BRIDGE" && is_ours && has_pods "$BRIDGE"
}

# Removes what is ours. A bridge that is deleted under its pods cuts them off for good.
take_down() {
  if carries_pods; then
    say "$BRIDGE: pods are attached, everything stays in place"
    return
  fi
  for interface in $VXLAN $BRIDGE; do
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
  for interface in $BRIDGE $VXLAN; do
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
  remove_metrics
  take_down
  exit 0
}
