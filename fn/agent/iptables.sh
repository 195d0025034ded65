# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# The rules that must be in the iptables chains of others: FORWARD, which br_netfilter shows bridged packets to, and the chain of
# the cluster's source NAT where one is named. They are put first and then left where they are, whatever others put before them.

rules_tidied=''

# Whether iptables-legacy has a table in this network namespace. To ask the tool itself would make one.
has_legacy() { # TOOL TABLE
  names=/proc/net/ip_tables_names
  [ "$1" = iptables-legacy ] || names=/proc/net/ip6_tables_names
  [ -r "$names" ] || return
  while read -r name; do
    [ "$name" != "$2" ] || return 0
  done <"$names"
  return 1
}

# Sets `tools` to what can have a table of that family: iptables-legacy beside iptables-nft where it is used on the node, and ours
# to use.
find_tools() { # IPv4|IPv6 TABLE
  case $1 in
    IPv4) tools='iptables-nft' legacy=iptables-legacy ;;
    IPv6) tools='ip6tables-nft' legacy=ip6tables-legacy ;;
  esac
  [ "$IPTABLES_LEGACY" != Manage ] || ! has_legacy "$legacy" "$2" || tools="$tools $legacy"
}

# Hands each rule to a command.
each_rule() { # keep_rule|remove_rule|print_rule|print_question
  for version in IPv4 IPv6; do
    find_tools "$version" filter
    for tool in $tools; do
      "$1" "$tool" filter FORWARD ACCEPT "$released: bridged, not forwarded" -i "$BRIDGE" -o "$BRIDGE"
    done
  done
  [ -n "$SNAT_CHAIN" ] || return 0
  for subnet in $SUBNETS; do
    is_address "${subnet%/*}"
    find_tools "$family" nat
    found=''
    for tool in $tools; do
      "$1" "$tool" nat "$SNAT_CHAIN" RETURN "$released: keeps its source address" -s "$subnet" && found=yes
    done
    [ -n "$found" ] || note "${tools%% *} has no chain $SNAT_CHAIN in table nat"
  done
}

# Prints the question that nft answers with the chain of a rule.
print_question() { # as keep_rule
  case $1 in
    iptables-nft) echo "list chain ip $2 $3" ;;
    ip6tables-nft) echo "list chain ip6 $2 $3" ;;
  esac
}

# Prints the iptables-legacy chains that nft does not know of, and where there are any.
look_at_legacy() {
  for tool in iptables-legacy ip6tables-legacy; do
    for table in filter nat; do
      has_legacy "$tool" "$table" || continue
      case $IPTABLES_LEGACY$table$SNAT_CHAIN in
        Managefilter*) "$tool" -w 2 -S FORWARD 2>&1 ;;
        Managenat?*) "$tool" -w 2 -t nat -S "$SNAT_CHAIN" 2>&1 ;;
        *) echo "$tool $table" ;;
      esac
    done
  done
}

keep_foreign_rules() {
  [ -n "$rules_tidied" ] || tidy_rules
  each_rule keep_rule
  for tool in iptables-legacy ip6tables-legacy; do
    if [ "$IPTABLES_LEGACY" = Report ] && has_legacy "$tool" filter; then
      note "$tool is used on this node and its FORWARD chain cannot be seen: if that drops, set spec.nodeRules.iptablesLegacy to Manage"
    fi
  done
}

# Keeps a rule in a chain; fails where there is no such chain. An ACCEPT is needed only where packets may be dropped in the end: by
# the chain's policy, or by a rule without conditions.
keep_rule() { # TOOL TABLE CHAIN TARGET COMMENT MATCH...
  tool=$1 where=$2 chain=$3 target=$4 comment=$5
  shift 5
  set -- "$@" -m comment --comment "$comment" -j "$target"
  rules=$("$tool" -w 2 -t "$where" -S "$chain" 2>/dev/null) || return
  case "$target$rules$newline" in
    RETURN* | *"$newline-A $chain -j DROP$newline"* | *"$newline-A $chain -j REJECT "*) ;;
    "ACCEPT-P $chain ACCEPT"*) return ;;
  esac
  "$tool" -w 2 -t "$where" -C "$chain" "$@" 2>/dev/null ||
    change "$tool: rule inserted into $chain: $comment" "$tool" -w 2 -t "$where" -I "$chain" 1 "$@" || :
}

remove_rule() { # as keep_rule
  tool=$1 where=$2 chain=$3 target=$4 comment=$5
  shift 5
  set -- -w 2 -t "$where" -D "$chain" "$@" -m comment --comment "$comment" -j "$target"
  if "$tool" "$@" 2>/dev/null; then
    say "$tool: rule removed from $chain: $comment"
  fi
}

# Prints a rule as iptables itself does.
print_rule() { # as keep_rule
  shift 2
  chain=$1 target=$2 comment=$3
  shift 3
  echo "-A $chain $* -m comment --comment \"$comment\" -j $target"
}

# Removes rules that bear our network's comment and are not among the wanted ones: for another bridge, chain or subnet.
tidy_rules() {
  rules_tidied=yes
  wanted_rules=$(each_rule print_rule)
  for version in IPv4 IPv6; do
    for where in filter nat; do
      find_tools "$version" "$where"
      for tool in $tools; do
        tidy_table
      done
    done
  done
}

tidy_table() {
  stale=''
  while IFS= read -r rule; do
    [ -n "$rule" ] || continue
    case $newline$wanted_rules$newline in
      *"$newline$rule$newline"*) ;;
      *) stale="$stale-D${rule#-A}$newline" ;;
    esac
  done <<EOF
$("$tool" -w 2 -t "$where" -S 2>/dev/null | grep -F -e "--comment \"$released: ")
EOF
  [ -z "$stale" ] || change "$tool: rules removed that are not wanted any more" restore
}

restore() {
  printf '*%s\n%sCOMMIT\n' "$where" "$stale" | "$tool-restore" -w 2 --noflush
}
