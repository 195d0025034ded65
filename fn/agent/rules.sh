# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# Our nftables tables, and when all the rules are looked at in full.

# Sets of rules. Each is a file NAME.nft in STATE_DIR that declares tables of its own and is loaded in one transaction: `rules`, which
# is rendered, and those that the agent writes, of what only the node knows. So a change of one leaves the counters of the others
# alone. The tables of `rules` bear the network's name; those of another set that name, an underscore, which no name of a network
# has, and the set's.
rule_sets='' own_name='' kept='' rule_notes='' tables_tidied=''

# Sets that the agent will have, though it may not know yet what is in them.
awaited_sets=''

# Takes rules.nft, as it is now: while an agent is rolled its ConfigMap may change under it, and new rules belong to new links.
read_rules() {
  problem="rules.nft cannot be read in $CONFIG_DIR"
  text=$(cat "$CONFIG_DIR/rules.nft" 2>/dev/null) || return
  read_first_table "$CONFIG_DIR/rules.nft"
  own_name=$name
  want_rules rules "$text"
}

# Sets `version` and `name` to those of the first table that a file has.
read_first_table() { # FILE
  while read -r word version name _; do
    [ "$word" != table ] || return 0
  done <"$1"
}

# Says what a set has to be from now on. Writes the questions of `look_at_rules`. Chains are asked for one by one: what that costs does
# not grow with the rules of others, what it costs to list a table does (nft 1.0.6 reads all chains of the node for it).
want_rules() { # SET TEXT
  case " $rule_sets " in
    *" $1 "*) ;;
    *) rule_sets="$rule_sets $1" ;;
  esac
  printf '%s\n' "$2" >"$STATE_DIR/$1.nft"
  rm -f "$STATE_DIR/$1.loaded"
  for set in $rule_sets; do
    print_questions <"$STATE_DIR/$set.nft"
  done >"$STATE_DIR/questions.new"
  each_rule print_question >>"$STATE_DIR/questions.new"
  mv "$STATE_DIR/questions.new" "$STATE_DIR/questions"
  kept=''
}

print_questions() {
  while read -r word first second _; do
    case $word in
      table) declared="$first $second" ;;
      chain | set | map) echo "list $word $declared $first" ;;
    esac
  done
}

# Keeps the tables and the rules in the chains of others. They are asked about in full only when a look has shown something else
# than when all was found as wanted.
keep_rules() {
  if [ -n "$kept" ] && [ ! -s "$STATE_DIR/suspect" ]; then
    note_rules
    return
  fi
  : >"$STATE_DIR/suspect"
  seen=$(look_at_rules)
  if [ "$seen" = "$kept" ]; then
    note_rules
    return
  fi
  before=$notes notes='' kept='' made="$changes $faults"
  for set in $rule_sets; do
    keep_tables
  done
  keep_foreign_rules
  rule_notes=$notes notes=$before
  # What was just changed is looked at once more in the next pass.
  if [ "$changes $faults" = "$made" ]; then
    case $seen in
      *"table "*" $own_name {"*) kept=$seen ;;
      *) rule_notes="${rule_notes:+$rule_notes; }nft has no interactive mode: that a rule is gone is noticed only within $INTERVAL seconds" ;;
    esac
  fi
  note_rules
}

note_rules() {
  [ -z "$rule_notes" ] || note "$rule_notes"
}

# Ends in a process that prints our chains, and those of others that we have a rule in, except for their counters. One process answers all the questions, as
# if they were typed (nft 1.0.6 answers only the first of a file); with that home it finds no place for its history.
look_at_rules() {
  look_at_legacy
  HOME=/dev/null exec nft -s -i <"$STATE_DIR/questions" 2>&1
}

# Lists the tables of a set as the kernel has them, except for their counters.
list_tables() {
  while read -r word version name _; do
    [ "$word" != table ] || nft -s list table "$version" "$name" 2>&1
  done <"$STATE_DIR/$set.nft"
}

# Loads a set unless its tables are as they were when it was loaded. Whoever loaded it: loading sets the counters back. What was not
# wanted before is no repair.
keep_tables() {
  actual=$(list_tables)
  was_due=$due
  if [ ! -e "$STATE_DIR/$set.loaded" ]; then
    due=yes
    case $actual in
      *"chain as_loaded_$(fingerprint "$actual") {"*) printf '%s\n' "$actual" >"$STATE_DIR/$set.loaded" ;;
    esac
  fi
  [ "$actual" = "$(cat "$STATE_DIR/$set.loaded" 2>/dev/null)" ] || load_tables
  due=$was_due
}

# An empty chain that nothing uses carries the fingerprint to the agents that come after this one.
load_tables() {
  rm -f "$STATE_DIR/$set.loaded"
  what='packet filter rules loaded'
  [ "$set" = rules ] || what="$what: $set"
  change "$what" nft -f "$STATE_DIR/$set.nft" || return
  read_first_table "$STATE_DIR/$set.nft"
  nft add chain "$version" "$name" "as_loaded_$(fingerprint "$(list_tables)")"
  list_tables >"$STATE_DIR/$set.loaded"
}

# A sum of a set's text and of what the kernel made of it, without the chain that carries the sum.
fingerprint() { # LISTING
  { cat "$STATE_DIR/$set.nft" && printf '%s\n' "$1"; } | sed -e '/^$/d' -e '/chain as_loaded_/,/}/d' | cksum | tr ' ' _
}

# Deletes, once, the tables of ours that no set has any more. What an earlier agent has left of a set that is still to come stays.
tidy_tables() {
  for set in $awaited_sets; do
    case " $rule_sets " in
      *" $set "*) ;;
      *) return 0 ;;
    esac
  done
  tables_tidied=yes
  each_table delete_unwanted
}

# Hands each table of ours that the kernel has to a command.
each_table() { # COMMAND
  while read -r _ version name; do
    case $name in
      "$own_name" | "${own_name}_"*) "$1" "$version" "$name" ;;
    esac
  done <<EOF
$(nft list tables 2>/dev/null)
EOF
}

delete_unwanted() { # FAMILY NAME
  for set in $rule_sets; do
    ! grep -qxF "table $1 $2 {" "$STATE_DIR/$set.nft" || return 0
  done
  delete_table "$1" "$2"
}

delete_table() { # FAMILY NAME
  change "table $1 $2 deleted" nft delete table "$1" "$2" || :
}

delete_tables() {
  read_first_table "$CONFIG_DIR/rules.nft"
  own_name=$name
  [ -z "$own_name" ] || each_table delete_table
}
