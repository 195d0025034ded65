# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# Our nftables tables, and when all the rules are looked at in full.

rules_file=$CONFIG_DIR/rules.nft
text='' own_table='' applied='' loaded='' kept='' rule_notes=''

# Takes rules.nft, as it is now: while an agent is rolled its ConfigMap may change under it, and new rules belong to new links. Writes
# the questions of `look_at_rules`. Chains are asked for one by one: what that costs does not grow with the rules of others, what it
# costs to list a table does (nft 1.0.6 reads all chains of the node for it).
read_rules() {
  problem="rules.nft cannot be read in $CONFIG_DIR"
  text=$(cat "$CONFIG_DIR/rules.nft" 2>/dev/null) || return
  rules_file=$STATE_DIR/rules.nft
  printf '%s\n' "$text" >"$rules_file"
  while read -r word first second _; do
    case $word in
      table)
        declared="$first $second"
        own_table=${own_table:-$declared}
        ;;
      chain | set | map) echo "list $word $declared $first" ;;
    esac
  done <"$rules_file" >"$STATE_DIR/questions"
  each_rule print_question >>"$STATE_DIR/questions"
  echo changed >"$STATE_DIR/suspect"
}

# Keeps the tables and the rules in the chains of others. They are asked about in full only when a look has shown something else
# than when all was found as wanted.
keep_rules() {
  if [ -n "$kept" ] && [ ! -s "$STATE_DIR/suspect" ]; then
    notes=$rule_notes
    return
  fi
  : >"$STATE_DIR/suspect"
  seen=$(look_at_rules)
  if [ "$seen" = "$kept" ]; then
    notes=$rule_notes
    return
  fi
  kept='' made="$changes $faults"
  keep_tables
  keep_foreign_rules
  rule_notes=$notes
  # What was just changed is looked at once more in the next pass.
  [ "$changes $faults" = "$made" ] || return 0
  case $seen in
    *"table $own_table {"*) kept=$seen ;;
    *) note "nft has no interactive mode: that a rule is gone is noticed only within $INTERVAL seconds" ;;
  esac
}

# Ends in a process that prints our chains, and those of others that we have a rule in, but for their counters. One process answers all the questions, as
# if they were typed (nft 1.0.6 answers only the first of a file); with that home it finds no place for its history.
look_at_rules() {
  look_at_legacy
  HOME=/dev/null exec nft -s -i <"$STATE_DIR/questions" 2>&1
}

# Lists the tables that rules.nft declares as the kernel has them, but for their counters.
list_tables() {
  each_table nft -s list table 2>&1
}

each_table() { # COMMAND...
  while read -r word version name _; do
    [ "$word" != table ] || "$@" "$version" "$name"
  done <"$rules_file"
}

# Loads rules.nft, in one transaction, unless its tables are as they were when it was loaded. Whoever loaded it: loading sets the
# counters back.
keep_tables() {
  actual=$(list_tables)
  [ "$text" != "$applied" ] || [ "$actual" != "$loaded" ] || return 0
  if [ -z "$applied" ]; then
    delete_other_tables
    case $actual in
      *"chain as_loaded_$(fingerprint "$actual") {"*)
        applied=$text loaded=$actual
        return
        ;;
    esac
  fi
  applied=''
  change 'packet filter rules loaded' nft -f "$rules_file" || return
  actual=$(list_tables)
  # An empty chain that nothing uses carries the fingerprint to the agents that come after this one.
  nft add chain "$own_table" "as_loaded_$(fingerprint "$actual")"
  loaded=$(list_tables)
  applied=$text
}

# A sum of rules.nft and of what the kernel made of it, without the chain that carries the sum.
fingerprint() { # LISTING
  printf '%s\n' "$text" "$1" | sed -e '/^$/d' -e '/chain as_loaded_/,/}/d' | cksum | tr ' ' _
}

# Deletes tables of our name in the families where rules.nft has none (any more).
delete_other_tables() {
  for version in ip ip6 inet arp bridge netdev; do
    case $text in
      *"table $version ${own_table#* }"*) ;;
      *) delete_table "$version" "${own_table#* }" ;;
    esac
  done
}

delete_table() { # FAMILY NAME
  if nft list table "$1" "$2" >/dev/null 2>&1; then
    change "table $1 $2 deleted" nft delete table "$1" "$2"
  fi
}

delete_tables() {
  each_table delete_table
}
