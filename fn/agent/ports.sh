# shellcheck shell=sh disable=SC2034,SC2154 # read by node-agent.sh, which is checked with its parts
# What there is to tell of the pods' ends on the bridge.

listed='' outdated=0 outdated_mtus=''

# An MTU that was changed is not changed in pods that exist: their interface is made once, with the pod. That keeps no agent from
# being ready, or agents would not be rolled before all pods of a node are made anew.
look_at_ports() {
  list=$(ip -o link show master "$BRIDGE" 2>/dev/null)
  if [ "$list" != "$listed" ]; then
    listed=$list
    read_ports
  fi
  case $outdated in
    0) ;;
    1) note "1 pod has the MTU ${outdated_mtus% }, not $MTU: make it anew" ;;
    *) note "$outdated pods have the MTU ${outdated_mtus% }, not $MTU: make them anew" ;;
  esac
}

# Counts those with another MTU, and collects which.
read_ports() {
  outdated=0 outdated_mtus=''
  while read -r _ port rest; do
    port=${port%:}
    case ${port%%@*} in
      '' | "$VXLAN") ;;
      *)
        word_after mtu "$rest"
        [ "$found" != "$MTU" ] || continue
        outdated=$((outdated + 1))
        case " $outdated_mtus" in
          *" $found "*) ;;
          *) outdated_mtus="$outdated_mtus$found " ;;
        esac
        ;;
    esac
  done <<EOF
$list
EOF
}
