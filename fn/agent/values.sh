# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# The values of network.env: lines KEY=value, read as data and never as code.

# Each is_... function checks a shape and says in `must` what is allowed.

is_number() { # VALUE LOWEST HIGHEST
  must="a number from $2 to $3"
  case $1 in
    '' | 0?* | *[!0-9]* | ?????????*) return 1 ;;
  esac
  [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]
}

# The kernel's limit is 15 bytes (IFNAMSIZ).
is_interface() {
  must='an interface name: 1 to 15 of A-Z a-z 0-9 . _ -'
  case $1 in
    '' | -* | . | .. | *[!A-Za-z0-9._-]* | ????????????????*) return 1 ;;
  esac
}

is_word() { # VALUE ALLOWED
  must="one of $2"
  case $1 in
    '' | *' '*) return 1 ;;
  esac
  case " $2 " in
    *" $1 "*) ;;
    *) return 1 ;;
  esac
}

is_name() {
  must='made of A-Z a-z 0-9 . _ -'
  case $1 in
    '' | -* | *[!A-Za-z0-9._-]*) return 1 ;;
  esac
}

# A network as it is named in its label: namespace/name, or name alone.
is_network() {
  must='namespace/name or a name, made of a-z 0-9 . -'
  case $1 in
    '' | /* | */ | */*/* | *[!a-z0-9./-]*) return 1 ;;
  esac
}

# Where the metrics go. The textfile collector reads only files that end so.
is_metrics_file() {
  must='an absolute path of A-Z a-z 0-9 . _ - / that ends with .prom'
  case $1 in
    *[!A-Za-z0-9._/-]*) return 1 ;;
    /*.prom) ;;
    *) return 1 ;;
  esac
}

is_folder() {
  must='an absolute path of A-Z a-z 0-9 . _ - /'
  case $1 in
    *[!A-Za-z0-9._/-]*) return 1 ;;
    /*) ;;
    *) return 1 ;;
  esac
}

# Sets `family` too: IPv4 or IPv6.
is_address() {
  must='an IP address'
  case $1 in
    *[!0-9a-fA-F:]*:* | *:*[!0-9a-fA-F:]*) return 1 ;;
    *:*:*) family=IPv6 ;;
    *[!0-9.]* | *.*.*.*.* | *..* | .* | *.) return 1 ;;
    *.*.*.*)
      family=IPv4
      rest=$1.
      while [ -n "$rest" ]; do
        is_number "${rest%%.*}" 0 255 || break
        rest=${rest#*.}
      done
      must='an IP address'
      [ -z "$rest" ]
      ;;
    *) return 1 ;;
  esac
}

are_addresses() {
  [ -n "$1" ] || set -- none
  for address in $1; do
    is_address "$address" || break
    address=''
  done
  must='a list of IP addresses'
  [ -z "$address" ]
}

are_subnets() {
  [ -n "$1" ] || set -- none
  for subnet in $1; do
    is_address "${subnet%/*}" || break
    is_number "${subnet##*/}" 0 128 || break
    subnet=''
  done
  must='a list of address/prefix'
  [ -z "$subnet" ]
}

# Takes one line. Fails for a key that is not known and for a value that is not of its shape.
take_value() { # KEY VALUE
  must=''
  case $1 in
    NETWORK) is_network "$2" && NETWORK=$2 ;;
    BRIDGE) is_interface "$2" && BRIDGE=$2 ;;
    ENTRY) is_interface "$2" && ENTRY=$2 ;;
    CNI_RESULTS) is_folder "$2" && CNI_RESULTS=$2 ;;
    PORT_GROUP) is_number "$2" 1 99999999 && PORT_GROUP=$2 ;;
    MTU) is_number "$2" 68 65535 && MTU=$2 ;;
    VXLAN) is_interface "$2" && VXLAN=$2 ;;
    VNI) is_number "$2" 1 16777215 && VNI=$2 ;;
    PORT) is_number "$2" 1 65535 && PORT=$2 ;;
    UNDERLAY_FAMILY) is_word "$2" 'IPv4 IPv6' && UNDERLAY_FAMILY=$2 ;;
    UNDERLAY_INTERFACE) is_interface "${2:-any}" && UNDERLAY_INTERFACE=$2 ;;
    FLOODING) is_word "$2" 'Discovered Listed Multicast' && FLOODING=$2 ;;
    PEERS_SERVICE) is_name "$2" && PEERS_SERVICE=$2 ;;
    PEERS) are_addresses "$2" && PEERS=$2 ;;
    GROUP) is_address "$2" && GROUP=$2 ;;
    TTL) is_number "$2" 1 255 && TTL=$2 ;;
    SNAT_CHAIN) is_name "$2" && SNAT_CHAIN=$2 ;;
    SUBNETS) are_subnets "$2" && SUBNETS=$2 ;;
    IPTABLES_LEGACY) is_word "$2" 'Report Manage' && IPTABLES_LEGACY=$2 ;;
    METRICS_FILE) is_metrics_file "$2" && METRICS_FILE=$2 ;;
    *) return 1 ;;
  esac
}

need() { # KEY VALUE
  problem="network.env: $1 is missing"
  [ -n "$2" ]
}

# Whether all addresses of a value are of the underlay's family.
need_family() { # KEY VALUE
  for address in $2; do
    is_address "$address"
    problem="network.env: $1 must be of the family $UNDERLAY_FAMILY, but has '$address'"
    [ "$family" = "$UNDERLAY_FAMILY" ] || return
  done
}

need_all() {
  need NETWORK "$NETWORK" && need BRIDGE "$BRIDGE" && need MTU "$MTU" || return
  [ -z "$SNAT_CHAIN" ] || need SUBNETS "$SUBNETS" || return
  if [ -n "$ENTRY" ]; then
    need CNI_RESULTS "$CNI_RESULTS" && need PORT_GROUP "$PORT_GROUP" || return
    problem="POD_NAMESPACE must be the namespace of the agent's pod, made of A-Z a-z 0-9 . _ -, but is '$POD_NAMESPACE'"
    is_name "$POD_NAMESPACE" || return
  fi
  problem="POD_NAME must be the name of the agent's pod, made of A-Z a-z 0-9 . _ -, but is '$POD_NAME'"
  is_name "$POD_NAME" || return
  [ -n "$VXLAN" ] || return 0
  need VNI "$VNI" && need PORT "$PORT" && need UNDERLAY_FAMILY "$UNDERLAY_FAMILY" && need FLOODING "$FLOODING" || return
  case $FLOODING in
    Discovered) need PEERS_SERVICE "$PEERS_SERVICE" ;;
    Listed) need PEERS "$PEERS" && need_family PEERS "$PEERS" ;;
    Multicast) need GROUP "$GROUP" && need TTL "$TTL" && need_family GROUP "$GROUP" ;;
  esac || return
  problem="HOST_IP must be the node's IP address, but is '$HOST_IP'"
  is_address "$HOST_IP"
}

# Prints the addresses as the kernel writes them, so that they can be compared with what it shows.
canonical() {
  # shellcheck disable=SC2086 # a list of addresses
  [ -z "$1" ] || getent ahosts $1 | while read -r address kind _; do
    [ "$kind" != STREAM ] || printf '%s ' "$address"
  done
}

NETWORK='' BRIDGE='' ENTRY='' CNI_RESULTS='' PORT_GROUP='' MTU='' VXLAN='' VNI='' PORT='' UNDERLAY_FAMILY='' UNDERLAY_INTERFACE=''
FLOODING='' PEERS_SERVICE='' PEERS='' GROUP='' TTL='' SNAT_CHAIN='' SUBNETS='' IPTABLES_LEGACY=Report METRICS_FILE=''

released='' mark=''

# Reads network.env, and sets the aliases of links: `released` for those of our network that no agent keeps, `mark` for those that this
# one keeps. Where it cannot be used, says why in `problem`, in one line.
read_values() {
  problem="network.env cannot be read in $CONFIG_DIR"
  [ -r "$CONFIG_DIR/network.env" ] || return
  while IFS= read -r line || [ -n "$line" ]; do
    [ -n "$line" ] || continue
    take_value "${line%%=*}" "${line#*=}" && continue
    must=${must:+"must be $must, but is '${line#*=}'"}
    problem="network.env: ${line%%=*} ${must:-is not a key that is known}"
    return 1
  done <"$CONFIG_DIR/network.env"
  need_all || return
  PEERS=$(canonical "$PEERS")
  GROUP=$(canonical "$GROUP")
  GROUP=${GROUP% }
  released="gateway-network $NETWORK"
  mark="$released $POD_NAME"
}
