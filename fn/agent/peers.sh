# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# The peers: which nodes get a copy of each frame that is flooded.

# For how long, in seconds, the answers that are believed must lack a peer before it goes. Its agent may only be restarting, and a name
# server may keep an answer that lacks it.
PEER_GRACE=${PEER_GRACE:-300}

# How often, in seconds, the name is looked up: until then a new node is a stranger.
LOOK_UP_EVERY=${LOOK_UP_EVERY:-8}

agreed='' expected='' peer_count=0 known='' wanted='' service='' looked_up='' told='' written=''

# Begins with what the kernel sends to: what an earlier agent knew, who may have known more than the first answer says.
remember_peers() {
  rm -f "$STATE_DIR/believed" "$STATE_DIR/unresolved" "$STATE_DIR/looked"
  actual=''
  remembered_peers=''
  find_former
  for interface in $VXLAN $former; do
    if read_link "$interface" && is_ours && [ "$kind" = vxlan ]; then
      read_actual_peers "$(bridge fdb show dev "$interface" state permanent)"
      remembered_peers="$remembered_peers$actual"
    fi
  done
  # shellcheck disable=SC2016 # for awk
  {
    [ ! -e "$STATE_DIR/peers" ] || cat "$STATE_DIR/peers"
    # shellcheck disable=SC2086 # a list
    printf '%s\n' $remembered_peers
  } | awk -v family="$UNDERLAY_FAMILY" '
    NF && $1 !~ /%/ && ($1 ~ /:/) == (family == "IPv6") && !($1 in known) { known[$1] = 1; print $1, 0 }' >"$STATE_DIR/peers.new"
  mv "$STATE_DIR/peers.new" "$STATE_DIR/peers"
}

# Sets `service` to the name with a dot at its end, so that no search list is used: a wildcard in a domain of the node's would answer
# while the name is not there. The list is read all the same, for the cluster's domain: the kubelet puts that of the pod's namespace first.
qualify() {
  service=$PEERS_SERVICE
  while read -r word first _; do
    case "$word ${first%.}" in
      'search '?*.svc.?*) service=${PEERS_SERVICE%%.*}.${first%.}. ;;
    esac
  done </etc/resolv.conf
}

# Prints the addresses of which an answer must hold one: Kubernetes knows the node by HOST_IP, and by one more of the other family.
own_addresses() {
  is_address "$HOST_IP"
  if [ "$family" = "$UNDERLAY_FAMILY" ]; then
    echo "$HOST_IP"
  elif [ -e "$STATE_DIR/underlay" ]; then
    read -r interface <"$STATE_DIR/underlay"
    ip -o addr show dev "$interface" scope global | awk '{ sub(/\/.*/, "", $4); printf "%s ", $4 }'
  fi
}

# Looks the name up: the file `peers` gets a line for each address, with the seconds that answers have lacked it for, counted from
# the first that did. An answer without this node's own address is none: a partial one, or one of somebody else's. It changes nothing there and leaves the file
# `unresolved`, which says why. Those known before keep their order. Link-local addresses (with %) are of no use.
look_up_peers() {
  qualify
  read_uptime
  # An agent that was stopped for a while has seen no answers in that time.
  since=$((uptime - ${looked_up:-$uptime}))
  [ "$since" -le 30 ] || since=30
  looked_up=$uptime
  # shellcheck disable=SC2016 # for awk
  told=$(timeout 5 getent ahosts "$service" | awk -v family="$UNDERLAY_FAMILY" -v own="$(own_addresses)" -v since="$since" -v grace="$PEER_GRACE" '
    BEGIN { split(own, list, " "); for (i in list) mine[list[i]] = 1 }
    $2 == "STREAM" {
      if ($1 !~ /%/ && ($1 ~ /:/) == (family == "IPv6") && !($1 in fresh)) { fresh[$1] = 1; order[++count] = $1 }
      if ($1 in mine) believed = 1
      next
    }
    NF == 2 && $2 ~ /^[0-9]+$/ { known[++all] = $1; lacked[$1] = $2 ? $2 + since : 1 }
    END {
      if (!count) exit 1
      if (!believed) {
        for (i = 1; i <= count && i <= 3; i++) printf "%s%s", (i > 1 ? ", " : ""), order[i]
        exit 3
      }
      for (i = 1; i <= all; i++) {
        if (known[i] in fresh) { print known[i], 0; delete fresh[known[i]] }
        else if (lacked[known[i]] < grace) print known[i], lacked[known[i]]
      }
      for (i = 1; i <= count; i++) if (order[i] in fresh) print order[i], 0
    }' "$STATE_DIR/peers" -)
  case $? in
    0)
      # While nothing changes, nothing is written: to start a program costs more than all the rest.
      if [ "$told" != "$written" ]; then
        written=$told
        printf '%s\n' "$told" >"$STATE_DIR/peers.new"
        mv "$STATE_DIR/peers.new" "$STATE_DIR/peers"
      fi
      : >"$STATE_DIR/believed"
      [ ! -e "$STATE_DIR/unresolved" ] || rm -f "$STATE_DIR/unresolved"
      ;;
    3) echo "$service resolves to $told, but not to this node's own address${HOST_IP:+ $HOST_IP}" >"$STATE_DIR/unresolved" ;;
    *)
      if [ -e "$STATE_DIR/believed" ]; then
        echo "$service does not resolve to an $UNDERLAY_FAMILY address"
      else
        echo "$service has not resolved to an $UNDERLAY_FAMILY address yet"
      fi >"$STATE_DIR/unresolved"
      ;;
  esac
  : >"$STATE_DIR/looked"
}

# Waits for the first answer, but not for long: a network that is there works without.
await_peers() {
  for moment in 1 2 3 4 5 6 7 8 9 10; do
    [ ! -e "$STATE_DIR/looked" ] || break
    nap 0.2
  done
}

# Sets `known` to the addresses of the nodes, `wanted` to those of them that are not this node's own, or to the group with its
# interface: "address ", or "address%interface ".
read_known_peers() {
  # shellcheck disable=SC2016 # for awk
  case $FLOODING in
    Listed) known=$PEERS ;;
    Multicast) return ;;
    Discovered) known=$(awk '{ printf "%s ", $1 }' "$STATE_DIR/peers") ;;
  esac
  subtract "$known" "$own"
  wanted=$rest
}

# Fails where the peers are not known. A remembered peer may be one that nobody has told of yet, and there may be others.
judge_peers() {
  [ "$FLOODING" = Discovered ] || return 0
  reason="$PEERS_SERVICE has not resolved to an $UNDERLAY_FAMILY address yet"
  [ ! -e "$STATE_DIR/unresolved" ] || read -r reason <"$STATE_DIR/unresolved"
  if [ -e "$STATE_DIR/believed" ]; then
    [ ! -e "$STATE_DIR/unresolved" ] || note "$reason: the known peers are kept"
    [ -n "$wanted" ] || note 'this node is alone: there is no agent of the network on another'
  elif [ -n "$wanted" ]; then
    note "$reason: the peers that the kernel remembers are kept"
  else
    fault "the peers are not known: $reason"
    return 1
  fi
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
  judge_peers || return
  [ "$FLOODING" != Multicast ] || wanted="$GROUP%$underlay "
  entries=$(bridge fdb show dev "$VXLAN" state permanent)
  lists="$wanted|$entries"
  [ "$lists" != "$agreed" ] || return 0
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
