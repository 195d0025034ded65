# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# By what a router tells that its port is on the network's bridge, and that on the other nodes: the bridge itself answers its
# question for an address that nobody has. The kernel does so as long as the VXLAN is a port of the bridge, also while no agent runs;
# a bridge that a CNI plugin has made does not.

# The dummy address of IPv4 (RFC 7600, section 4.8), which is nobody's, and a MAC address that is administered locally.
ANSWER_ADDRESS=192.0.0.8
ANSWER_MAC=02:67:77:6e:00:08

# The bridge answers for a neighbour of its own whose MAC address is behind a port with that flag (kernel: net/bridge/br_arp_nd_proxy.c).
keep_answer() {
  read_link "$VXLAN" || return
  case $link in
    *' proxy_arp_wifi on '*) ;;
    *) change "$VXLAN: the bridge answers routers" ip link set dev "$VXLAN" type bridge_slave proxy_arp_wifi on ;;
  esac
  case $(bridge fdb show dev "$VXLAN" state static) in
    *"$ANSWER_MAC "*) ;;
    *) change "$VXLAN: $ANSWER_MAC added" bridge fdb replace "$ANSWER_MAC" dev "$VXLAN" master static ;;
  esac
  case $(ip neigh show "$ANSWER_ADDRESS" dev "$BRIDGE") in
    *" $ANSWER_MAC PERMANENT"*) ;;
    *) change "$BRIDGE: $ANSWER_ADDRESS added" ip neigh replace "$ANSWER_ADDRESS" lladdr "$ANSWER_MAC" dev "$BRIDGE" nud permanent ;;
  esac
}
