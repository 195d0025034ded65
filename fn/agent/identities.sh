# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# Whose each port is. CNI plugins attach pods to ENTRY, a bridge that leads nowhere. What they have given a pod stands in the files
# that Multus has libcni keep; a port whose pod is known from there gets rules that hold it to its MAC address and its addresses, and
# then its place on the network's bridge. A pod that took what was not given to it stays where it is.

# How long, in seconds, a port may be without a file before that is told: its plugins are still at work.
FILE_GRACE=${FILE_GRACE:-5}

settled=none looked='' port_rules='' waiting='' refused='' closed_ports=0

# Makes ENTRY, or sets what differs of it.
keep_entry() {
  if ! read_link "$ENTRY"; then
    change "$ENTRY: bridge for new pods created" ip link add dev "$ENTRY" type bridge mcast_snooping 0 stp_state 0 || return
    read_link "$ENTRY" || return
  fi
  if [ "$kind" != bridge ]; then
    fault "$ENTRY exists and is no bridge: left alone"
    return 1
  fi
  is_ours || ! is_marked_otherwise "$ENTRY" || return
  case $held in
    *" $ENTRY="*) stray="$stray$ENTRY " ;;
  esac
  settle "$ENTRY"
}

# Opens the ports whose pods are known, and closes all others. Looks again soon while the file of one is still to come.
keep_identities() {
  keep_entry || return
  ports=$(ip -o link show master "$BRIDGE" && ip -o link show master "$ENTRY")
  attach_again
  if [ "$ports" != "$settled" ] || [ -n "$waiting" ]; then
    settled=$ports
    judge_ports || return
  fi
  tell_closed
}

judge_ports() {
  made="$changes $faults" before=$waiting bound=' ' waiting='' refused='' wanted_rules=''
  if ! answer=$(ask_whose); then
    settled=none
    fault "whose the ports are cannot be told: ${answer##*"$newline"}"
    return 1
  fi
  while read -r verdict port why; do
    case $verdict in
      bound) bound="$bound$port " ;;
      refused) refused="$refused$port $why$newline" ;;
      waiting) wait_for "$port" ;;
      rules) break ;;
    esac
  done <<EOF
$answer
EOF
  if knows_nobody; then
    fault "no file in $CNI_RESULTS says whose any port is: those on the network stay as they are, and no others come; is that the cniDir of Multus' configuration (spec.agent.daemonSet.cniDir)?"
    settled=none
    return 1
  fi
  wanted_rules=${answer#*"${newline}rules$newline"}
  wanted_rules=${wanted_rules#"rules$newline"}
  close_ports
  if [ "$wanted_rules" != "$port_rules" ]; then
    want_rules ports "$wanted_rules"
    port_rules=$wanted_rules
  fi
  if [ ! -e "$STATE_DIR/ports.loaded" ]; then
    was_due=$due due=yes set=ports
    keep_tables
    due=$was_due
    [ -e "$STATE_DIR/ports.loaded" ] || settled=none
    [ -e "$STATE_DIR/ports.loaded" ] || return
  fi
  open_ports
  # What was just changed is looked at once more in the next pass.
  [ "$changes $faults" = "$made" ] || settled=none
}

# Whether not one port is known, though an agent has let some on the network before: the folder is another, or somebody has emptied it.
# They are not to pay for that.
knows_nobody() {
  [ "$bound$refused" = ' ' ] || return 1
  while read -r _ port rest; do
    port=${port%:}
    case "${port%%@*} $rest " in
      "$VXLAN "*) ;;
      *" master $BRIDGE "*" group $PORT_GROUP "*) return 0 ;;
    esac
  done <<EOF
$ports
EOF
  return 1
}

# Prints what identities.jq finds. Only the files that name a port are read: Multus keeps those of all networks there.
ask_whose() {
  {
    ip -j link show master "$BRIDGE"
    ip -j link show master "$ENTRY"
  } >"$STATE_DIR/links.json"
  printf '%s\n' "$ports" | sed -n 's/^[0-9]*: \([^@: ]*\).*/"name":"\1"/p' >"$STATE_DIR/names"
  [ -s "$STATE_DIR/names" ] || echo '"no port"' >"$STATE_DIR/names"
  {
    grep -rhsF -f "$STATE_DIR/names" "$CNI_RESULTS"
    :
  } | jq -nrR --slurpfile links "$STATE_DIR/links.json" --slurpfile attachments "$CONFIG_DIR/attachments.json" \
    --arg namespace "$POD_NAMESPACE" --arg group "$PORT_GROUP" --arg vxlan "$VXLAN" --arg table "${own_name}_ports" \
    -f "$here/identities.jq" 2>&1
}

# Remembers since when a port waits.
wait_for() { # PORT
  case " $before" in
    *" $1="*)
      since=${before#*"$1="}
      since=${since%% *}
      ;;
    *)
      read_uptime
      since=$uptime
      ;;
  esac
  waiting="$waiting$1=$since "
}

# Takes off the network who is not known any more, or never was.
close_ports() {
  each_port close_port
}

open_ports() {
  each_port open_port
}

each_port() { # COMMAND
  while read -r _ port rest; do
    port=${port%:}
    port=${port%%@*}
    case $port in
      '' | "$VXLAN") ;;
      *) "$1" "$port" "$rest " ;;
    esac
  done <<EOF
$ports
EOF
}

close_port() { # PORT LINK
  case $bound$2 in
    *" $1 "*) return ;;
    *" master $BRIDGE "*) change "$1: taken off the network, it is not known whose it is" ip link set dev "$1" master "$ENTRY" ;;
  esac
  case $2 in
    *" group $PORT_GROUP "*) change "$1: taken out of the group of the network's ports" ip link set dev "$1" group default ;;
  esac
}

open_port() { # PORT LINK
  case $bound in
    *" $1 "*) ;;
    *) return ;;
  esac
  # A port that is attached does not count as a repair.
  was_due=$due due=yes
  case $2 in
    *" group $PORT_GROUP "*) ;;
    *) change "$1: put into the group of the network's ports" ip link set dev "$1" group "$PORT_GROUP" ;;
  esac
  case $2 in
    *" master $BRIDGE "*) ;;
    *) change "$1: attached to the network" ip link set dev "$1" master "$BRIDGE" ;;
  esac
  due=$was_due
}

# Says which ports are closed and why, and sees that those that wait are looked at again.
tell_closed() {
  closed_ports=0 late='' young=''
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    closed_ports=$((closed_ports + 1))
    note "closed: ${line#* } (${line%% *})"
  done <<EOF
$refused
EOF
  read_uptime
  for one in $waiting; do
    closed_ports=$((closed_ports + 1))
    if [ $((uptime - ${one#*=})) -ge "$FILE_GRACE" ]; then
      late="$late ${one%%=*}"
    else
      young=yes
    fi
  done
  [ -z "$late" ] || tell_late
  [ -z "$young" ] || look_soon
}

# A folder that is the wrong one keeps all pods out, which is a fault; one port without a file may be none of a pod's.
tell_late() {
  what="no file in $CNI_RESULTS says whose the port$late is: it stays closed; is that the cniDir of Multus' configuration (spec.agent.daemonSet.cniDir)?"
  if [ -r "$CNI_RESULTS" ] && [ "$bound$refused" != ' ' ]; then
    note "$what"
  else
    fault "$what"
  fi
}

# Plugins tell nobody when they are done.
look_soon() {
  {
    sleep 0.1
    wake event
  } &
}
