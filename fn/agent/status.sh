# shellcheck shell=sh disable=SC2034,SC2154 # read by the programs, which are checked with their parts
# How a program tells what it has found: faults and notes, a line in the log for each change, and a status file that
# the probes read. STATUS is that file.

newline='
'
faults='' notes='' said='' napping=''

say() {
  printf '%s\n' "$1"
}

# What keeps it from being ready.
fault() {
  faults="${faults:+$faults; }$1"
}

# What is worth knowing of what is ready all the same.
note() {
  case "; $notes; " in
    *"; $1; "*) ;;
    *) notes="${notes:+$notes; }$1" ;;
  esac
}

# Sets `uptime`, in whole seconds: a clock that nobody turns back.
read_uptime() {
  read -r uptime _ </proc/uptime
  uptime=${uptime%.*}
}

# Sleeps so that a signal is answered at once.
nap() {
  sleep "$1" &
  napping=$!
  wait "$napping"
  napping=''
}

# Ends a check: its result goes to the status file, and to the log where it is another than before.
report() {
  if [ -n "$faults" ]; then
    state="not ready: $faults"
  else
    state="ready${notes:+; $notes}"
  fi
  if [ "$state" != "$said" ]; then
    say "$state"
    said=$state
  fi
  read_uptime
  printf '%s %s\n' "$uptime" "$state" >"$STATUS.new"
  mv "$STATUS.new" "$STATUS"
}

# Reads the status file and checks that it is no older than so many seconds.
read_status() {
  if ! read -r since state 2>/dev/null <"$STATUS"; then
    say 'not ready: no check has been made yet'
    return 1
  fi
  read_uptime
  if [ $((uptime - since)) -gt "$1" ]; then
    say "not ready: the last check was $((uptime - since)) seconds ago"
    return 1
  fi
}

ready() {
  read_status 30 || return
  say "$state"
  [ "${state#ready}" != "$state" ]
}

alive() {
  read_status 60
}

# What most programs can be asked for.
main() { # [run|ready|alive]
  case ${1:-run} in
    run | ready | alive) "${1:-run}" ;;
    *)
      say "$1: must be run, ready or alive"
      exit 2
      ;;
  esac
}
