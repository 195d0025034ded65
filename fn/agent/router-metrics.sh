# shellcheck shell=sh disable=SC2154 # read by router.sh, which is checked with its parts
# Metrics of a router, in a file that the textfile collector of node_exporter reads, as those of the node's agent are. METRICS_FILE,
# NETWORK, ROUTER_NAME and OTHER_ROUTERS come from the environment. A router that was killed leaves the file behind: its age shows in
# node_textfile_mtime_seconds, and the agent of the node removes it.

# How old, in seconds, the file may become where nothing has changed.
METRICS_EVERY=${METRICS_EVERY:-10}

measured='' measured_at=0

# Writes the file where something is other than when it was last written, or that is long ago.
write_metrics() {
  [ -n "${METRICS_FILE:-}" ] || return 0
  read_uptime
  [ "$faults|$notes" != "$measured" ] || [ $((uptime - measured_at)) -ge "$METRICS_EVERY" ] || return 0
  measured="$faults|$notes" measured_at=$uptime
  { print_metrics >"$METRICS_FILE.new" && mv "$METRICS_FILE.new" "$METRICS_FILE"; } 2>/dev/null || note "the metrics cannot be written to $METRICS_FILE"
}

print_metrics() {
  is_ready=1 active=0
  [ -z "$faults" ] || is_ready=0
  case $VRRP$notes in
    *"this router has the gateway's addresses"*) active=1 ;;
    yes*) ;;
    *) active=$is_ready ;;
  esac
  labels="network=\"$NETWORK\",router=\"$ROUTER_NAME\""
  cat <<EOF
# HELP gateway_network_router_ready Whether the router can route.
# TYPE gateway_network_router_ready gauge
gateway_network_router_ready{$labels} $is_ready
# HELP gateway_network_router_active Whether the router has the gateway's addresses.
# TYPE gateway_network_router_active gauge
gateway_network_router_active{$labels} $active
EOF
  [ "$VRRP$active" = yes1 ] || return 0
  echo '# HELP gateway_network_standby_ready Whether another router could take over, as the active one hears.'
  echo '# TYPE gateway_network_standby_ready gauge'
  for other in $OTHER_ROUTERS; do
    heard=1
    case $notes in
      *"standby $other: not ready"*) heard=0 ;;
    esac
    echo "gateway_network_standby_ready{network=\"$NETWORK\",router=\"$other\"} $heard"
  done
}

remove_metrics() {
  [ -z "${METRICS_FILE:-}" ] || rm -f "$METRICS_FILE" "$METRICS_FILE.new"
}
