# shellcheck shell=sh disable=SC2034,SC2154 # read by the programs, which are checked with their parts
# How a program tells what it has found: faults and notes, a line in the log for each change, and a status file that
# the probes read. STATUS is that file.

newline='
'
faults='' notes='' said='' napping='' born=0

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

# Sets `born`, the second of that clock in which the container's first process has started (proc_pid_stat(5), in 1/100 s).
read_birth() {
  read -r born </proc/1/stat
  # shellcheck disable=SC2086 # words, the first of them the third of all
  set -- ${born##*) }
  born=$((${20} / 100))
}

# Sets `word` to what a file in STATE_DIR begins with, or to nothing. Of a fifo it would wait for somebody to write.
read_word() { # FILE
  word=''
  [ ! -f "$STATE_DIR/$1" ] || read -r word _ <"$STATE_DIR/$1"
}

# Sets `since` and `state` to what a status file in STATE_DIR says. Fails where it says nothing that can be believed.
read_report() { # FILE
  since='' state=''
  [ -f "$STATE_DIR/$1" ] && read -r since state <"$STATE_DIR/$1" || return
  case $since in
    '' | 0?* | *[!0-9]* | ?????????????*) return 1 ;;
  esac
  read_uptime
  [ "$since" -le $((uptime + 1)) ]
}

# Sleeps so that a signal is answered at once.
nap() {
  sleep "$1" &
  napping=$!
  wait "$napping"
  napping=''
}

# Begins anew. A container may be killed at any moment, and what it has left in STATE_DIR outlives it: the files with these names are
# removed, for they must not be believed or be in the way. The status is replaced, so that nobody finds none.
begin() { # FILE...
  mkdir -p "$STATE_DIR"
  read_birth
  (cd "$STATE_DIR" && rm -rf "${STATUS##*/}.new" "$@")
  [ -f "$STATUS" ] || rm -rf "$STATUS"
  write_status 'not ready: no check has been made yet'
}

# A status of the second in which the container was started may be the predecessor's: this one's is dated later.
write_status() { # STATE
  read_uptime
  [ "$uptime" -gt "$born" ] || uptime=$((born + 1))
  printf '%s %s\n' "$uptime" "$1" >"$STATUS.new" && mv "$STATUS.new" "$STATUS"
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
  write_status "$state"
}

# Reads the status file and checks that it is this container's and no older than so many seconds.
read_status() {
  read_birth
  if ! read_report "${STATUS##*/}" || [ "$since" -le "$born" ]; then
    say 'not ready: no check has been made yet'
    return 1
  fi
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
