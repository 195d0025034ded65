# shellcheck shell=sh disable=SC2034,SC2154 # read by programs of a router, which are checked with their parts
# The address of this router that the others know it by: OWN_ADDRESS.

own_address_there() {
  case $(ip -o addr show 2>/dev/null) in
    *" $OWN_ADDRESS/"*) ;;
    *) return 1 ;;
  esac
}

# The router's own program gives it to the interface, and only once its rules are loaded.
await_own_address() {
  until own_address_there; do
    faults='' notes=''
    fault "waiting for the address ${OWN_ADDRESS:-, of which none is given,}"
    report
    nap 0.2
  done
  faults=''
}

# Makes the fifo by which keepalived tells what becomes of the router, unless it is there: whoever reads or writes it may live on when
# the other is started again. Both make it, one at a time.
make_states() {
  (flock 9 && { [ -p "$STATE_DIR/states" ] || { rm -rf "$STATE_DIR/states" && mkfifo "$STATE_DIR/states"; }; }) 9<"$STATE_DIR"
}
