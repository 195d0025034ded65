# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# What wakes the loop: a timer, changes of links, addresses and peers as the kernel tells them, and a look at the rules.

# How long, in seconds, changes of rules are gathered before they are looked at.
LOOK_AFTER=${LOOK_AFTER:-0.8}

# Wakes the loop through the pipe, unless it has been woken and not looked yet. Ends with the loop.
wake() { # REASON
  kill -0 "$$" 2>/dev/null || exit
  if [ ! -s "$STATE_DIR/woken" ]; then
    echo "$1" >"$STATE_DIR/woken"
    echo "$1" >&3
  fi
}

# Looks the peers up each LOOK_UP_EVERY seconds, and until they are known each second; wakes the loop when they are others, or what is
# said of them is. By itself, so that a slow name server delays nothing else.
discover() {
  exec 3>"$STATE_DIR/wake"
  trap 'kill $napping 2>/dev/null; exit' TERM
  before=''
  while :; do
    look_up_peers
    now=$written
    [ ! -e "$STATE_DIR/unresolved" ] || read -r now <"$STATE_DIR/unresolved"
    [ "$now" = "$before" ] || wake peers
    before=$now
    if [ -e "$STATE_DIR/believed" ]; then
      nap "$LOOK_UP_EVERY"
    else
      nap 1
    fi
  done
}

# Wakes the loop, again and again.
tick() {
  exec 3>"$STATE_DIR/wake"
  trap 'kill $napping 2>/dev/null; exit' TERM
  while :; do
    echo look >"$STATE_DIR/suspect"
    wake timer
    nap "$INTERVAL"
  done
}

# Wakes the loop when a command prints a line that matters.
watch() { # NAME COMMAND...
  exec 3>"$STATE_DIR/wake"
  monitor='' events=$STATE_DIR/$1
  shift
  # $! is the monitor in the moment before it has its name
  trap 'set +u; kill $! $monitor $napping 2>/dev/null; exit' TERM
  rm -f "$events"
  mkfifo "$events"
  while :; do
    "$@" >"$events" 3>&- &
    monitor=$!
    while read -r event; do
      matters && wake event
    done <"$events"
    wait "$monitor"
    nap 1
  done
}

# Wakes the loop when our rules are not what they were. Somebody's rules have changed when xtables-monitor prints its first line, or
# ends because there was too much to print; only then ours are looked at, once for all that changes in a moment. So this costs
# nothing while nothing changes, and the same however many rules others have. (`nft monitor` holds all of them in memory.)
watch_rules() {
  exec 3>"$STATE_DIR/wake"
  monitor='' events=$STATE_DIR/rules.events before=''
  # $! is the monitor in the moment before it has its name
  trap 'set +u; kill $! $monitor $napping 2>/dev/null; exit' TERM
  rm -f "$events"
  mkfifo "$events"
  while :; do
    # Nothing tells of changes of iptables-legacy: where it is managed this is a poll.
    if [ "$IPTABLES_LEGACY" = Report ]; then
      stdbuf -oL xtables-monitor -e >"$events" 2>/dev/null 3>&- &
      monitor=$!
      exec 4<"$events"
    fi
    nap "$LOOK_AFTER"
    now=$(look_at_rules)
    if [ "$now" != "$before" ]; then
      echo look >"$STATE_DIR/suspect"
      wake rules
      before=$now
    fi
    if [ -n "$monitor" ]; then
      read -r event <&4
      kill -0 "$$" 2>/dev/null || exit
      kill "$monitor" 2>/dev/null
      wait "$monitor" 2>/dev/null
      exec 4<&-
    fi
  done
}

# Whether the line in `event` may be about something of ours. Of forwarding entries only the peers are. Links and link-local
# addresses come and go with every pod of the node, and only those on our bridge matter.
matters() {
  underlay=''
  [ ! -e "$STATE_DIR/underlay" ] || read -r underlay <"$STATE_DIR/underlay"
  case ${event#Deleted } in
    "00:00:00:00:00:00 dev $VXLAN "*) ;;
    *" master $BRIDGE "* | *" master ${ENTRY:-$BRIDGE} "* | *" group ${PORT_GROUP:-none} "* | *": $BRIDGE"[@:\ ]* | *": $VXLAN"[@:\ ]* | *": ${ENTRY:-$BRIDGE}"[@:\ ]* | *": $underlay"[@:\ ]*) ;;
    *@if[0-9]* | *' scope link '*) return 1 ;;
    *': '*) ;;
    *) return 1 ;;
  esac
}
