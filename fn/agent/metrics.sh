# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# Metrics in a file that the textfile collector of node_exporter reads: they cost no port on the node. The format is Prometheus'
# text-based exposition format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).

# How old, in seconds, the file may become.
METRICS_EVERY=${METRICS_EVERY:-10}

measured='' unwritten=''

# Writes the file, at most once in that time. The collector must never see half of it: it is written under another name, which does
# not end with .prom, and renamed.
write_metrics() {
  [ -n "$METRICS_FILE" ] || return 0
  read_uptime
  if [ $((uptime - ${measured:--$METRICS_EVERY})) -ge "$METRICS_EVERY" ]; then
    measured=$uptime unwritten=''
    tidy_metrics
    { print_metrics >"$METRICS_FILE.new" && mv "$METRICS_FILE.new" "$METRICS_FILE"; } 2>/dev/null || unwritten=yes
  fi
  [ -z "$unwritten" ] || note "the metrics cannot be written to $METRICS_FILE"
}

# Removes those of routers that were killed: a router on this node writes its own every few seconds.
tidy_metrics() {
  own=${METRICS_FILE##*/}
  find "${METRICS_FILE%/*}" -maxdepth 1 -name "${own%.prom}_router_*.prom*" -mmin +1 -delete 2>/dev/null
}

print_closed() {
  cat <<EOF
# HELP gateway_network_closed_ports Pods that are kept off the network, because it is not known what was given to them or they took something else.
# TYPE gateway_network_closed_ports gauge
gateway_network_closed_ports{network="$NETWORK"} $closed_ports
EOF
}

# Dropped packets are summed up by the comment of the rule that drops them, which is the reason (docs/troubleshooting.md).
print_metrics() {
  is_ready=1
  [ -z "$faults" ] || is_ready=0
  cat <<EOF
# HELP gateway_network_ready Whether the node is as the network needs it.
# TYPE gateway_network_ready gauge
gateway_network_ready{network="$NETWORK"} $is_ready
# HELP gateway_network_repairs_total Changes that put right what something else had changed on the node.
# TYPE gateway_network_repairs_total counter
gateway_network_repairs_total{network="$NETWORK"} $repairs
# HELP gateway_network_peers Other nodes that flooded frames are sent to.
# TYPE gateway_network_peers gauge
gateway_network_peers{network="$NETWORK"} $peer_count
# HELP gateway_network_pods_with_other_mtu Pods of the node whose interface has another MTU than the network: they are older than it.
# TYPE gateway_network_pods_with_other_mtu gauge
gateway_network_pods_with_other_mtu{network="$NETWORK"} $outdated
EOF
  [ -z "$ENTRY" ] || print_closed
  cat <<EOF
# HELP gateway_network_dropped_packets_total Packets that a rule has dropped.
# TYPE gateway_network_dropped_packets_total counter
EOF
  # shellcheck disable=SC2016 # for awk
  HOME=/dev/null nft -i <"$STATE_DIR/questions" 2>/dev/null | awk -v network="$NETWORK" '
    /^table / { ours = $3 ~ /^gwn_/ }
    ours && /[ \t]counter packets [0-9]+ bytes [0-9]+ drop comment "/ {
      packets = reason = $0
      sub(/.*[ \t]counter packets /, "", packets)
      sub(/.* drop comment "/, "", reason)
      sub(/"[^"]*$/, "", reason)
      if (!(reason in sum)) order[++count] = reason
      sum[reason] += packets + 0
    }
    END {
      for (i = 1; i <= count; i++)
        printf "gateway_network_dropped_packets_total{network=\"%s\",reason=\"%s\"} %.0f\n", network, order[i], sum[order[i]]
    }'
}

remove_metrics() {
  [ -z "$METRICS_FILE" ] || rm -f "$METRICS_FILE" "$METRICS_FILE.new"
}
