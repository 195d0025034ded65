# shellcheck shell=sh disable=SC2034,SC2154 # read by wireguard.sh, which is checked with its parts
# A configuration in the form of wg-quick(8), read as data: what wg(8) is to be told of it (`settings`), and `addresses`, `mtu` and
# `endpoints`. Faults name the line and never repeat it, for it may hold a key.

# How often a packet is sent though there is nothing to send, in seconds, where the configuration does not say: a tunnel without
# traffic has no handshakes, by which it is known to work. It also keeps a NAT on the way open; wg(8) names this number for that.
KEEPALIVE=25

# Sets `trimmed`, a text without the white space around it, the carriage return of a file from Windows included.
trim() {
  trimmed=${1#"${1%%[![:space:]]*}"}
  trimmed=${trimmed%"${trimmed##*[![:space:]]}"}
}

# Sets `text`, all of the file.
read_text() {
  text=''
  [ -r "$CONFIG" ] || return
  while IFS= read -r line || [ -n "$line" ]; do
    text=$text$line$newline
  done <"$CONFIG"
}

# Each is_... function checks a shape and says in `must` what is allowed.

# 32 bytes in base64.
is_key() {
  must='a key of WireGuard: 44 characters of base64'
  [ ${#1} = 44 ] || return
  case ${1%=} in
    *[!A-Za-z0-9+/]*) return 1 ;;
  esac
  case $1 in
    *=) ;;
    *) return 1 ;;
  esac
}

is_number() { # TEXT LEAST MOST
  must="a number from $2 to $3"
  case $1 in
    '' | *[!0-9]* | ??????*) return 1 ;;
  esac
  [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]
}

is_address() {
  must='an IP address, with or without a prefix length'
  case $1 in
    *[!0-9a-fA-F.:/]* | */ | */*[!0-9]* | */????*) return 1 ;;
    *.*.*.* | *:*:*) ;;
    *) return 1 ;;
  esac
}

is_endpoint() {
  must='HOST:PORT'
  case $1 in
    *[!]A-Za-z0-9._:[-]* | :* | -*) return 1 ;;
    *:*) is_number "${1##*:}" 1 65535 ;;
    *) return 1 ;;
  esac
}

# Adds to `addresses`, with the prefix length of a single address where there is none.
take_addresses() { # LIST
  for address in $(printf '%s' "$1" | tr ',' ' '); do
    is_address "$address" || return
    case $address in
      */*) ;;
      *:*) address=$address/128 ;;
      *) address=$address/32 ;;
    esac
    addresses="$addresses $address"
  done
}

pass() { # KEY VALUE
  settings="$settings$newline$1 = $2"
}

take_setting() { # SECTION.KEY, in lower case, VALUE
  must='a setting of [Interface] or [Peer] in the form KEY = VALUE, as in wg-quick(8)'
  case $1 in
    interface.privatekey) is_key "$2" && has_key=yes && pass PrivateKey "$2" ;;
    interface.listenport) is_number "$2" 0 65535 && pass ListenPort "$2" ;;
    interface.address) take_addresses "$2" ;;
    interface.mtu) is_number "$2" 576 65535 && mtu=$2 ;;
    interface.dns) note "DNS is left out: spec.gateway.dns says who answers the clients' questions" ;;
    interface.fwmark | interface.table | interface.saveconfig) ;;
    interface.preup | interface.postup | interface.predown | interface.postdown) note "$key is left out: commands are not run" ;;
    peer.publickey) is_key "$2" && has_peer=yes && pass PublicKey "$2" ;;
    peer.presharedkey) is_key "$2" && pass PresharedKey "$2" ;;
    peer.allowedips) pass AllowedIPs "$2" ;;
    peer.endpoint) is_endpoint "$2" && endpoints="${endpoints:+$endpoints, }$2" && pass Endpoint "$2" ;;
    peer.persistentkeepalive)
      case $2 in
        0 | off) ;;
        *) is_number "$2" 1 65535 && keepalive=$2 ;;
      esac
      ;;
    *) return 1 ;;
  esac
}

end_section() {
  [ "$section" != peer ] || pass PersistentKeepalive "$keepalive"
}

take_line() { # LINE
  trim "${1%%#*}"
  must='a setting of [Interface] or [Peer] in the form KEY = VALUE, as in wg-quick(8)'
  case $trimmed in
    '') return ;;
    \[[Ii]nterface\]) end_section && section=interface && pass_section Interface && return ;;
    \[[Pp]eer\]) end_section && section=peer keepalive=$KEEPALIVE && pass_section Peer && return ;;
    *=*) ;;
    *) return 1 ;;
  esac
  value=${trimmed#*=}
  trim "${trimmed%%=*}"
  key=$trimmed
  trim "$value"
  take_setting "$section.$(printf '%s' "$key" | tr '[:upper:]' '[:lower:]')" "$trimmed"
}

pass_section() {
  settings="${settings}${newline}[$1]"
}

# Reads the configuration where it is another than before.
read_config() {
  if ! read_text; then
    fault "waiting for ${CONFIG##*/}: it must be a key of the Secret"
    return 1
  fi
  if [ "$text" != "$read_from" ] || [ -n "$config_fault" ]; then
    read_from=$text
    parse
  fi
  notes=$config_notes
  [ -z "$config_fault" ] || fault "$config_fault"
  [ -z "$config_fault" ]
}

parse() {
  addresses='' mtu='' endpoints='' settings='' section='' has_key='' has_peer='' keepalive='' number=0 config_fault='' notes=''
  while IFS= read -r line; do
    number=$((number + 1))
    take_line "$line" && continue
    config_fault="${CONFIG##*/}, line $number: must be $must"
    return
  done <<END
$text
END
  end_section
  config_notes=$notes
  settings="[Interface]${newline}FwMark = $MARK$settings"
  if [ -z "$has_key" ] || [ -z "$has_peer" ] || [ -z "$addresses" ]; then
    config_fault="${CONFIG##*/}: must have a PrivateKey and an Address in [Interface] and a PublicKey in [Peer]"
  elif [ -z "$endpoints" ]; then
    config_fault="${CONFIG##*/}: must have an Endpoint in [Peer]"
  fi
}
config_fault='' config_notes=''
