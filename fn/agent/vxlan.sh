# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# The VXLAN (RFC 7348) that joins the bridges of the nodes.

remembered=''

# Sets `underlay`, the interface that carries the VXLAN, and `source`, its address; fails unless the overlay's MTU fits on it.
find_underlay() {
  case "$UNDERLAY_INTERFACE$held" in
    ' '*"=$HOST_IP "*)
      underlay=${held%%"=$HOST_IP "*}
      underlay=${underlay##* }
      ;;
    ' '*)
      fault "no interface has the node's address $HOST_IP"
      return 1
      ;;
    *) underlay=$UNDERLAY_INTERFACE ;;
  esac
  choose_source
  if [ -z "$source" ]; then
    fault "the underlay $underlay has no $UNDERLAY_FAMILY address"
    return 1
  fi
  remember_underlay
  # Outer IP and UDP header, VXLAN header (RFC 7348, section 5) and inner Ethernet header.
  overhead=50
  [ "$UNDERLAY_FAMILY" = IPv4 ] || overhead=70
  read_link "$underlay"
  word_after mtu "$head"
  if [ $((${found:-0} - overhead)) -lt "$MTU" ]; then
    fault "the underlay $underlay has MTU ${found:-0}: too small for $MTU and $overhead of VXLAN, it must be $((MTU + overhead))"
    return 1
  fi
}

# Sets `source`: the address of the underlay by which the other nodes know this one, as far as can be told.
choose_source() {
  source='' first=''
  for pair in $usable; do
    address=${pair#*=}
    [ "${pair%%=*}" = "$underlay" ] || continue
    first=${first:-$address}
    case " $known" in
      *" $address "*) [ "$source" = "$HOST_IP" ] || source=$address ;;
    esac
  done
  [ -z "$source" ] || return 0
  case $usable in
    *" $underlay=$HOST_IP "*) source=$HOST_IP ;;
    *) source=$first ;;
  esac
}

# Tells the watch over events which interface matters.
remember_underlay() {
  [ "$underlay" = "$remembered" ] || echo "$underlay" >"$STATE_DIR/underlay"
  remembered=$underlay
}

is_free_vxlan() {
  word_after master "$head"
  case $found in
    '' | "$BRIDGE") ;;
    *)
      fault "$VXLAN is not ours, it belongs to $found: left alone"
      return 1
      ;;
  esac
  case "$held $details" in
    *" $VXLAN="* | *' external '*)
      fault "$VXLAN is not ours, something else uses it: left alone"
      return 1
      ;;
  esac
}

# What cannot be changed on a VXLAN that exists. For a group, the kernel joins only when the link comes up.
vxlan_identity() {
  identity=''
  for word in id dstport srcport group remote ${GROUP:+dev}; do
    word_after "$word" "$details"
    identity="$identity$word=$found "
  done
}

# Changes source address, device, learning and TTL where they differ.
change_vxlan() {
  set --
  word_after 'local' "$details"
  [ "$found" = "$source" ] || set -- 'local' "$source" "$@"
  word_after dev "$details"
  [ "$found" = "$underlay" ] || set -- dev "$underlay" "$@"
  word_after ttl "$details"
  [ "$found" = "${TTL:-auto}" ] || set -- ttl "${TTL:-0}" "$@"
  case "$details" in
    *' nolearning '*) set -- learning "$@" ;;
  esac
  [ $# -eq 0 ] || change "$VXLAN: set $*" ip link set dev "$VXLAN" type vxlan id "$VNI" "$@"
}

# Whether the link that was read may be made and changed: it is ours, or may be taken for ours.
is_vxlan_to_keep() {
  if [ "$kind" != vxlan ]; then
    fault "$VXLAN exists and is no VXLAN: left alone"
    return 1
  fi
  is_ours || { ! is_marked_otherwise "$VXLAN" && is_free_vxlan; }
}

# Deletes a VXLAN that cannot become the wanted one.
replace_vxlan() {
  read_link "$VXLAN" || return 0
  is_vxlan_to_keep || return
  vxlan_identity
  [ "$identity" = "id=$VNI dstport=$PORT srcport=0 group=$GROUP remote= ${GROUP:+dev=$underlay }" ] || delete_vxlan
}

delete_vxlan() {
  vxlan_identity
  change "$VXLAN: VXLAN deleted, it was another: ${identity% }" ip link del dev "$VXLAN"
}

keep_vxlan() {
  if read_link "$VXLAN"; then
    is_vxlan_to_keep || return
    if ! change_vxlan; then
      delete_vxlan || return
      link=''
    fi
  fi
  if [ -z "$link" ]; then
    # shellcheck disable=SC2086 # absent, or two words
    change "$VXLAN: VXLAN created" ip link add dev "$VXLAN" mtu "$MTU" type vxlan id "$VNI" dstport "$PORT" \
      local "$source" dev "$underlay" ttl "${TTL:-0}" learning ${GROUP:+group $GROUP} || return
    read_link "$VXLAN" || return
  fi
  set --
  word_after master "$head"
  [ "$found" = "$BRIDGE" ] || set -- master "$BRIDGE"
  word_after group "$head"
  [ "$found" = "${PORT_GROUP:-$found}" ] || set -- group "$PORT_GROUP" "$@"
  settle "$VXLAN" "$@"
}
