# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# The packet filter rules: our nftables tables, and the rules that must be in the iptables chains of others.

applied='' kept=''

# Lists the tables that rules.nft declares as the kernel has them, but for their counters. One at a time: nft 1.0.6 finds only
# one table in a command.
list_tables() {
  while read -r word version name _; do
    [ "$word" != table ] || nft -s list table "$version" "$name" 2>&1
  done <"$CONFIG_DIR/rules.nft"
}

# Loads rules.nft, in one transaction, unless its tables are as they were when it was loaded.
keep_tables() {
  if ! text=$(cat "$CONFIG_DIR/rules.nft" 2>/dev/null); then
    fault "rules.nft cannot be read in $CONFIG_DIR"
    return
  fi
  [ "$text" != "$applied" ] || [ "$(list_tables)" != "$kept" ] || return 0
  applied=''
  change 'packet filter rules loaded' nft -f "$CONFIG_DIR/rules.nft" || return
  applied=$text
  kept=$(list_tables)
}

delete_tables() {
  while read -r word version name _; do
    if [ "$word" = table ] && nft list table "$version" "$name" >/dev/null 2>&1; then
      change "table $version $name deleted" nft delete table "$version" "$name"
    fi
  done <"$CONFIG_DIR/rules.nft"
}

# Keeps a rule at the head of an iptables chain. An ACCEPT is needed only where the chain's policy is another one.
keep_rule() { # TOOL TABLE CHAIN TARGET COMMENT MATCH...
  tool=$1 table=$2 chain=$3 target=$4 comment=$5
  shift 5
  set -- "$@" -m comment --comment "$comment" -j "$target"
  if ! rules=$("$tool" -t "$table" -S "$chain" 2>/dev/null); then
    note "$tool has no chain $chain in table $table"
    return
  fi
  case $target$rules in
    "ACCEPT-P $chain ACCEPT"*) return ;;
  esac
  "$tool" -t "$table" -C "$chain" "$@" 2>/dev/null ||
    change "$tool: rule inserted into $chain: $comment" "$tool" -t "$table" -I "$chain" 1 "$@"
}

remove_rule() { # as keep_rule
  tool=$1 table=$2 chain=$3 target=$4 comment=$5
  shift 5
  set -- -t "$table" -D "$chain" "$@" -m comment --comment "$comment" -j "$target"
  if "$tool" "$@" 2>/dev/null; then
    say "$tool: rule removed from $chain: $comment"
  fi
}

# Keeps or removes our rules in the chains of others: FORWARD, which br_netfilter shows bridged packets to, and the chain of
# the cluster's source NAT where one is named.
each_rule() { # keep_rule|remove_rule
  for tool in iptables-nft ip6tables-nft; do
    "$1" "$tool" filter FORWARD ACCEPT "gateway-network $BRIDGE: bridged, not forwarded" -i "$BRIDGE" -o "$BRIDGE"
  done
  [ -n "$SNAT_CHAIN" ] || return 0
  for subnet in $SUBNETS; do
    case $subnet in
      *:*) tool=ip6tables-nft ;;
      *) tool=iptables-nft ;;
    esac
    "$1" "$tool" nat "$SNAT_CHAIN" RETURN "gateway-network $BRIDGE: keeps its source address" -s "$subnet"
  done
}
