# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# Whose VXLAN packets this node takes. VXLAN has no authentication (RFC 7348, section 7): the kernel takes frames, and learns where
# a MAC address is, from whoever sends them. So rules let in what comes by the underlay and from a peer, before there is a VXLAN and
# before anything is sent to that peer.

guard='' allowed='' leavers='' unlisted=''

# Makes known what the rules of the overlay have to be; fails where it cannot be told yet. A VXLAN that has to be another goes first:
# the rules are about the one that is wanted.
plan_overlay() {
  read_known_peers
  find_underlay && replace_vxlan && read_allowed || return
  [ "$guard" != "$underlay $source $allowed" ] || return 0
  guard="$underlay $source $allowed"
  want_rules overlay "$(print_guard)"
}

# Sets `allowed` to the sources that packets are taken from. A peer that goes stays among them as long as the kernel sends to it.
read_allowed() {
  if [ "$FLOODING" = Multicast ]; then
    allowed=any
    [ "$TTL" -gt 1 ] || read_networks
    return
  fi
  read_leavers
  networks=''
  case " $known" in
    ' ' | *" $source "*) ;;
    *)
      # The name tells the nodes' addresses on another network: those on the underlay are known to nobody.
      if [ "$FLOODING" = Discovered ]; then
        read_networks || return
        networks=$allowed
      elif [ "$unlisted" != "$source" ]; then
        say "this node's address $source is not among PEERS: nodes that have the same list take nothing from it"
        unlisted=$source
      fi
      ;;
  esac
  # shellcheck disable=SC2086 # lists of addresses
  allowed=$(printf '%s\n' $wanted $leavers $networks | sort -u | tr '\n' ' ')
}

# Sets `leavers` to those who were let in, are no peers any more and are still among the kernel's entries.
read_leavers() {
  subtract "$allowed" "$wanted"
  gone=$rest leavers=''
  [ -n "$gone" ] || return 0
  read_actual_peers "$(bridge fdb show dev "$VXLAN" state permanent 2>/dev/null)"
  subtract "$gone" "$actual"
  subtract "$gone" "$rest"
  leavers=$rest
}

# Sets `allowed` to the networks that the underlay is on.
read_networks() {
  option=-4
  [ "$UNDERLAY_FAMILY" = IPv4 ] || option=-6
  # shellcheck disable=SC2016 # for awk
  allowed=$(ip -o "$option" route show dev "$underlay" |
    awk '$1 != "default" && $1 ~ /[.:]/ && $1 !~ /^fe80:/ && !/ via / { print $1 }' | sort -u | tr '\n' ' ')
  [ -n "$allowed" ] || fault "the underlay $underlay is on no $UNDERLAY_FAMILY network: whose packets to take is not known"
  [ -n "$allowed" ]
}

# Networks share the port, so a rule looks at the VNI as well, 12 bytes behind the start of the UDP header (RFC 7348, section 5). That
# the rules ask for connections has the kernel put fragments together before them, else a packet would hide its VNI from them.
# The kernel does not ask by which interface a fragment has come: one of a pod with a node's address would be put together with others
# that come from that node. And two packets of pods that leave as fragments may be mixed up on their way, so what goes to a node's port
# is dropped whatever its VNI.
# A Service, or whoever routes by this node, could use its address and its place: what was translated is not taken, and not passed on.
print_guard() {
  table=${own_name}_overlay
  about="udp dport $PORT @th,96,24 $VNI"
  ip=ip fragment='ip frag-off & 0x3fff != 0'
  [ "$UNDERLAY_FAMILY" = IPv4 ] || ip=ip6 fragment='exthdr frag exists'
  ours=$source
  is_address "$HOST_IP"
  [ "$family" != "$UNDERLAY_FAMILY" ] || [ "$HOST_IP" = "$source" ] || ours="$source, $HOST_IP"
  not_nodes="$ip saddr { $ours } ct original $ip saddr != { $ours }"
  cat <<EOF
add table inet $table
delete table inet $table
table inet $table {
	chain fragments {
		type filter hook prerouting priority -450; policy accept;
		iifname { "$underlay", "lo" } accept
$(print_nodes saddr "$fragment counter drop comment \"fragment-outside-underlay\"")
	}
	chain guard {
		iifname != "$underlay" counter drop comment "vxlan-outside-underlay"
		ct status snat,dnat counter drop comment "vxlan-translated"
$(print_nodes saddr accept)
		$([ "$allowed" = any ] && echo accept || echo 'counter drop comment "vxlan-from-unknown-host"')
	}
	chain input {
		type filter hook input priority filter - 10; policy accept;
		$about jump guard
	}
	chain forward {
		type filter hook forward priority filter - 10; policy accept;
		iifname != "$underlay" oifname "$underlay" $about counter drop comment "vxlan-from-pod"
$(print_nodes daddr "iifname != \"$underlay\" udp dport $PORT counter drop comment \"to-vxlan-port-from-pod\"")
		ct status dnat $about counter drop comment "vxlan-through-service"
	}
	chain postrouting {
		type filter hook postrouting priority srcnat + 10; policy accept;
		$not_nodes $about counter drop comment "vxlan-from-other-program"
$(print_nodes daddr "$not_nodes udp dport $PORT counter drop comment \"to-vxlan-port-from-other-program\"")
	}
}
EOF
}

# Prints a rule for each network of `allowed`, and one for its hosts.
print_nodes() { # saddr|daddr REST
  hosts=''
  for address in $allowed; do
    case $address in
      any) ;;
      */*) echo "		$ip $1 $address $2" ;;
      *) hosts="$hosts, $address" ;;
    esac
  done
  [ -z "$hosts" ] || echo "		$ip $1 { ${hosts#, } } $2"
}
