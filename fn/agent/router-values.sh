# shellcheck shell=sh disable=SC2034,SC2154 # read by router.sh, which is checked with its parts
# The values of router.env, which routers share: lines KEY=value, read as data and never as code. And what each router has of its
# own, from its environment.

# Each is_... and are_... function checks a shape and says in `must` what is allowed.

is_interface() {
  must='an interface name: 1 to 15 of A-Z a-z 0-9 . _ -'
  case $1 in
    '' | -* | . | .. | *[!A-Za-z0-9._-]* | ????????????????*) return 1 ;;
  esac
}

are_families() {
  must='a list of IPv4 and IPv6'
  [ -n "$1" ] || return
  for family in $1; do
    case $family in
      IPv4 | IPv6) ;;
      *) return 1 ;;
    esac
  done
}

# Whether each word is an address by its look; the kernel knows the rest.
are_addresses() {
  must='a list of IP addresses'
  for address in $1; do
    case $address in
      *[!0-9a-fA-F.:]*) return 1 ;;
      *.*.*.* | *:*:*) ;;
      *) return 1 ;;
    esac
  done
}

# Whether each word has the form address/prefix.
are_networks() {
  must='a list of address/prefix'
  for network in $1; do
    case $network in
      */*[!0-9]* | */ | /* | */????*) return 1 ;;
      */*) are_addresses "${network%/*}" || break ;;
      *) return 1 ;;
    esac
    network=''
  done
  must='a list of address/prefix'
  [ -z "${network:-}" ]
}

is_mac() {
  must='a MAC address: six times two of 0-9 a-f, colons between'
  case $1 in
    *[!0-9a-f:]* | *:*:*:*:*:*:*) return 1 ;;
    ??:??:??:??:??:??) ;;
    *) return 1 ;;
  esac
}

is_mark() {
  must='a mark of packets: 0x and up to eight of 0-9 a-f'
  case $1 in
    0x | 0x*[!0-9a-f]* | 0x?????????*) return 1 ;;
    0x*) ;;
    *) return 1 ;;
  esac
}

is_mtu() {
  must='a number from 68 to 65535'
  case $1 in
    '' | 0?* | *[!0-9]* | ??????*) return 1 ;;
  esac
  [ "$1" -ge 68 ] && [ "$1" -le 65535 ]
}

is_word() { # VALUE ALLOWED
  must=$2
  [ "$1" = "$2" ]
}

take_value() { # KEY VALUE
  must=''
  case $1 in
    OVERLAY_INTERFACE) is_interface "$2" && OVERLAY_INTERFACE=$2 ;;
    EGRESS_INTERFACE) is_interface "$2" && EGRESS_INTERFACE=$2 ;;
    MTU) is_mtu "$2" && MTU=$2 ;;
    FORWARDING) are_families "$2" && FORWARDING=$2 ;;
    CALL_FROM) are_addresses "$2" && CALL_FROM=$2 ;;
    SUBNETS) are_networks "$2" && SUBNETS=$2 ;;
    EGRESS_NETWORKS) are_networks "$2" && EGRESS_NETWORKS=$2 ;;
    EGRESS_MARK) is_mark "$2" && EGRESS_MARK=$2 ;;
    GATEWAYS) are_addresses "$2" && GATEWAYS=$2 ;;
    UPSTREAMS) are_addresses "$2" && UPSTREAMS=$2 ;;
    HEALTH_CHECK) are_addresses "$2" && HEALTH_CHECK=$2 ;;
    VRRP) is_word "$2" yes && VRRP=$2 ;;
    TUNNEL) is_word "$2" WireGuard && TUNNEL=$2 ;;
    BRIDGE_ANSWERS) is_word "$2" yes && BRIDGE_ANSWERS=$2 ;;
    WATCHFUL) is_word "$2" yes && WATCHFUL=$2 ;;
    *) return 1 ;;
  esac
}

# Where the values cannot be used, the reason is a fault.
read_values() {
  OVERLAY_INTERFACE='' EGRESS_INTERFACE='' MTU='' BRIDGE_ANSWERS='' FORWARDING='' CALL_FROM='' SUBNETS='' EGRESS_NETWORKS='' EGRESS_MARK='' GATEWAYS='' UPSTREAMS='' HEALTH_CHECK='' VRRP='' TUNNEL='' WATCHFUL=''
  if [ ! -r "$CONFIG_DIR/router.env" ]; then
    fault "router.env cannot be read in $CONFIG_DIR"
    return 1
  fi
  while IFS= read -r line || [ -n "$line" ]; do
    [ -n "$line" ] || continue
    take_value "${line%%=*}" "${line#*=}" && continue
    must=${must:+"must be $must, but is '${line#*=}'"}
    fault "router.env: ${line%%=*} ${must:-is not a key that is known}"
    return 1
  done <"$CONFIG_DIR/router.env"
  if [ -z "$OVERLAY_INTERFACE" ] || [ -z "$EGRESS_INTERFACE" ] || [ -z "$FORWARDING" ]; then
    fault 'router.env must have OVERLAY_INTERFACE, EGRESS_INTERFACE and FORWARDING'
  elif ! are_networks "$ADDRESSES" || [ -z "$ADDRESSES" ]; then
    fault "ADDRESSES must be $must, but is '$ADDRESSES'"
  elif ! are_networks "$EGRESS_ADDRESSES"; then
    fault "EGRESS_ADDRESSES must be $must, but is '$EGRESS_ADDRESSES'"
  elif ! is_mac "$MAC"; then
    fault "MAC must be $must, but is '$MAC'"
  else
    return 0
  fi
  return 1
}
